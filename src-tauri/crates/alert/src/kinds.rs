//! The one table of kinds: which category each belongs to, whether a person sees it, and how
//! urgent it is. The wording is in the catalogues, under `kind.<NAME>`.

use crate::Category::{self, Chat, Delivery, Money, Orders, Products, Security, Store, System};

/// A kind of event that the market is known to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Kind {
    /// Its name on the wire.
    pub name: &'static str,
    /// Where its alerts are filed.
    pub category: Category,
    /// Whether and how a person sees it.
    pub presentation: Presentation,
    /// Whether its alerts are urgent even when the event doesn't say so.
    pub urgent: bool,
}

/// Whether and how a person sees a kind of event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Presentation {
    /// Not at all: plumbing, typing, call signalling.
    Nothing,
    /// In the inbox, without a toast: it only confirms what the person did.
    Quiet,
    /// In the inbox and as a toast.
    Toast,
}

use Presentation::{Nothing, Quiet, Toast};

const fn shown(name: &'static str, category: Category) -> Kind {
    Kind { name, category, presentation: Toast, urgent: false }
}

const fn urgent(name: &'static str, category: Category) -> Kind {
    Kind { name, category, presentation: Toast, urgent: true }
}

const fn quiet(name: &'static str, category: Category) -> Kind {
    Kind { name, category, presentation: Quiet, urgent: false }
}

const fn nothing(name: &'static str, category: Category) -> Kind {
    Kind { name, category, presentation: Nothing, urgent: false }
}

/// The kind of that name, where it is known.
pub fn kind(name: &str) -> Option<&'static Kind> {
    KINDS.iter().find(|kind| kind.name == name)
}

/// Every kind that is known, by family.
pub static KINDS: &[Kind] = &[
    nothing("SYSTEM_TIME", System),
    nothing("SYSTEM_TIME_WAIT", System),
    nothing("HEARTBEAT", System),
    shown("NEW_DELIVERY_ORDER", Delivery),
    shown("DELIVERY_ORDER_STATUS_UPDATE", Delivery),
    shown("DELIVERY_ORDER_CANCEL", Delivery),
    shown("DELIVERY_ORDER_COMPLETED", Delivery),
    shown("DELIVERY_ORDER_FAILED", Delivery),
    shown("DELIVERY_ORDER_DELIVERED", Delivery),
    shown("DELIVERY_ORDER_PICKED_UP", Delivery),
    shown("DELIVERY_ACCEPTED", Delivery),
    shown("DELIVERY_PICKED_UP", Delivery),
    shown("DELIVERY_DELIVERED", Delivery),
    shown("DELIVERY_EXCEPTION", Delivery),
    shown("BALANCE_INCREASED", Money),
    shown("BALANCE_DECREASED", Money),
    shown("RECHARGE_SUCCESS", Money),
    shown("WITHDRAW_SUCCESS", Money),
    shown("TRANSACTION_COMPLETED", Money),
    shown("TRANSACTION_FAILED", Money),
    shown("NEW_MESSAGE", Chat),
    shown("CHAT_MESSAGE", Chat),
    quiet("MESSAGE_READ", Chat),
    quiet("MESSAGE_SENT", Chat),
    nothing("USER_TYPING_START", Chat),
    nothing("USER_TYPING_STOP", Chat),
    nothing("USER_TYPING_ACTIVE", Chat),
    shown("ORDER_CREATED", Orders),
    shown("ORDER_STATUS_CHANGED", Orders),
    shown("ORDER_SHIPPED", Orders),
    shown("ORDER_DELIVERING", Orders),
    shown("ORDER_DELIVERED", Orders),
    shown("ORDER_COMPLETED", Orders),
    shown("ORDER_CANCELLED", Orders),
    shown("ORDER_DISPUTED", Orders),
    shown("REFUND_REQUESTED", Orders),
    shown("REFUND_COMPLETED", Orders),
    shown("USER_LOGIN", Security),
    quiet("USER_LOGOUT", Security),
    urgent("LOGIN_ANOMALY", Security),
    shown("TOKEN_EXPIRING_SOON", Security),
    urgent("TOKEN_EXPIRED", Security),
    urgent("PASSWORD_RESET", Security),
    urgent("TWO_FACTOR_AUTH_REQUIRED", Security),
    urgent("SUSPICIOUS_LOGIN_ATTEMPT", Security),
    urgent("ACCOUNT_LOCKED", Security),
    urgent("SECURITY_WARNING", Security),
    shown("PRODUCT_LOW_STOCK", Products),
    shown("PRODUCT_PRICE_CHANGED", Products),
    shown("PRODUCT_DISCONTINUED", Products),
    shown("PRODUCT_LISTED", Products),
    shown("NOTIFICATION_RECEIVED", System),
    nothing("NOTIFICATION_READ", System),
    urgent("URGENT_NOTIFICATION", System),
    quiet("CART_ITEM_ADDED", Orders),
    quiet("CART_ITEM_REMOVED", Orders),
    quiet("CART_ITEM_UPDATED", Orders),
    quiet("CART_CLEARED", Orders),
    shown("CART_CHECKOUT_COMPLETED", Orders),
    quiet("AVATAR_UPDATED", Store),
    quiet("PROFILE_UPDATED", Store),
    quiet("STORE_LOGO_UPDATED", Store),
    quiet("STORE_COVER_UPDATED", Store),
    quiet("STORE_LOGO_REMOVED", Store),
    quiet("STORE_COVER_REMOVED", Store),
    quiet("STORE_INFO_UPDATED", Store),
    shown("STORE_CREATED", Store),
    shown("STORE_STATUS_CHANGED", Store),
    quiet("STORE_SHIPPING_CONFIG_UPDATED", Store),
    shown("SYSTEM_MAINTENANCE_START", System),
    shown("SYSTEM_MAINTENANCE_END", System),
    shown("SYSTEM_ERROR", System),
    // Signalling for calls is another program's business; that somebody is calling is not.
    nothing("WEBRTC_OFFER", Chat),
    nothing("WEBRTC_ANSWER", Chat),
    nothing("WEBRTC_ICE_CANDIDATE", Chat),
    urgent("WEBRTC_CALL_INITIATED", Chat),
    nothing("WEBRTC_CALL_ACCEPTED", Chat),
    nothing("WEBRTC_CALL_REJECTED", Chat),
    nothing("WEBRTC_CALL_ENDED", Chat),
    nothing("WEBRTC_CALL_FAILED", Chat),
    nothing("WEBRTC_CONNECTION_STATE_CHANGED", Chat),
    nothing("WEBRTC_CALL_RINGING", Chat),
    nothing("WEBRTC_CALL_CONNECTED", Chat),
    // The types of notifications that the market stores; a broadcast may carry them too.
    shown("SYSTEM", System),
    shown("ORDER", Orders),
    shown("DELIVERY", Delivery),
    shown("CHAT", Chat),
    shown("FINANCIAL", Money),
    shown("SECURITY", Security),
    shown("PROMOTION", Products),
    shown("INVENTORY", Products),
    shown("REVIEW", Products),
    shown("DISPUTE", Orders),
    shown("DEMAND", Products),
];
