//! The fields that events are known to have, under whatever name the market gives them.

use crate::alert::text;
use serde_json::{Map, Value};

/// A field that has a label in the catalogues (`field.<name>`) and a placeholder in the wording.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// The order's number, with `#` before it.
    Order,
    /// The state that something changed to.
    Status,
    /// The product's name.
    Product,
    /// How many.
    Quantity,
    /// An amount with its currency.
    Amount,
    /// The balance after it, with its currency.
    Balance,
    /// Another person.
    User,
    /// The store's name.
    Store,
    /// The courier's name.
    Courier,
    /// The carrier, and its tracking number.
    Carrier,
    /// A place or a postal address.
    Place,
    /// A device or browser.
    Device,
    /// An IP address.
    Address,
    /// Why.
    Reason,
    /// When something is to happen.
    Time,
}

impl Field {
    /// Every field, in the order in which the detail view shows them.
    pub const ALL: [Self; 15] = [
        Self::Order,
        Self::Status,
        Self::Product,
        Self::Quantity,
        Self::Amount,
        Self::Balance,
        Self::User,
        Self::Store,
        Self::Courier,
        Self::Carrier,
        Self::Place,
        Self::Device,
        Self::Address,
        Self::Reason,
        Self::Time,
    ];

    /// The name in the catalogues and in placeholders.
    pub fn name(self) -> &'static str {
        match self {
            Self::Order => "order",
            Self::Status => "status",
            Self::Product => "product",
            Self::Quantity => "quantity",
            Self::Amount => "amount",
            Self::Balance => "balance",
            Self::User => "user",
            Self::Store => "store",
            Self::Courier => "courier",
            Self::Carrier => "carrier",
            Self::Place => "place",
            Self::Device => "device",
            Self::Address => "address",
            Self::Reason => "reason",
            Self::Time => "time",
        }
    }

    /// The names on the wire, the most telling first.
    fn keys(self) -> &'static [&'static str] {
        match self {
            Self::Order => &["orderNumber", "orderNo", "orderCode", "orderId", "deliveryOrderId"],
            Self::Status => &["statusText", "newStatus", "orderStatus", "deliveryStatus", "status"],
            Self::Product => &["productName", "productTitle", "itemName", "product"],
            Self::Quantity => &["quantity", "remainingStock", "currentStock", "stock"],
            Self::Amount => {
                &["amount", "refundAmount", "totalAmount", "totalPrice", "newPrice", "price"]
            }
            Self::Balance => &["newBalance", "balanceAfter", "currentBalance", "balance"],
            Self::User => &[
                "senderName",
                "callerName",
                "fromUserName",
                "buyerName",
                "sellerName",
                "userName",
                "username",
                "nickname",
            ],
            Self::Store => &["storeName", "shopName"],
            Self::Courier => &["courierName", "delivererName", "deliveryerName", "driverName"],
            Self::Carrier => &["carrier", "logisticsCompany", "shippingCompany"],
            Self::Place => {
                &["location", "loginLocation", "place", "city", "deliveryAddress", "address"]
            }
            Self::Device => &["device", "deviceName", "browser", "userAgent"],
            Self::Address => &["ip", "ipAddress", "loginIp", "clientIp"],
            Self::Reason => &["reason", "failureReason", "description", "remark", "errorMessage"],
            Self::Time => &["estimatedArrival", "estimatedTime", "scheduledTime", "startTime"],
        }
    }
}

/// An event's data, looked into by name: its own keys first, then those of the objects in which
/// Spring applications like to wrap them.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Fields<'a> {
    object: &'a Map<String, Value>,
}

/// The names of a link on the wire.
pub(super) const LINK: [&str; 3] = ["link", "url", "actionUrl"];
/// In bytes; what is longer is nobody's link.
const LONGEST_LINK: usize = 2_048;
const WRAPPERS: [&str; 4] = ["notification", "data", "payload", "order"];

impl<'a> Fields<'a> {
    pub(crate) fn of(object: &'a Map<String, Value>) -> Self {
        Self { object }
    }

    /// The first of the keys that holds text, a number or a truth value, as one line.
    pub(crate) fn first(self, keys: &[&str]) -> Option<String> {
        self.find(keys, |value| text::line(&scalar(value)?))
    }

    /// The first of the keys that holds text, with its line breaks.
    pub(crate) fn paragraph(self, keys: &[&str]) -> Option<String> {
        self.find(keys, |value| text::paragraph(&scalar(value)?))
    }

    /// Where the event leads, as it says: never cut, so that it leads nowhere else. What no link is
    /// made of is none.
    pub(crate) fn link(self) -> Option<String> {
        self.find(&LINK, |value| {
            let link = value.as_str()?.trim();
            let is_link = (1..=LONGEST_LINK).contains(&link.len())
                && !link.chars().any(|c| c.is_control() || c.is_whitespace());
            is_link.then(|| link.to_owned())
        })
    }

    /// Whether one of the keys holds `true`.
    pub(crate) fn is_true(self, keys: &[&str]) -> bool {
        self.find(keys, |value| (*value == Value::Bool(true)).then_some(())).is_some()
    }

    /// A known field, as people read it.
    pub(crate) fn get(self, field: Field) -> Option<String> {
        let value = self.first(field.keys())?;
        Some(match field {
            Field::Order if !value.starts_with('#') => format!("#{value}"),
            Field::Amount | Field::Balance => match self.first(&["currency", "currencyCode"]) {
                Some(currency) => format!("{value} {currency}"),
                None => value,
            },
            Field::Carrier => match self.first(&["trackingNumber", "trackingNo"]) {
                Some(tracking) => format!("{value} · {tracking}"),
                None => value,
            },
            // What a stored notification says of itself, not of what it is about.
            Field::Status if matches!(&*value, "UNREAD" | "READ" | "DELETED") => return None,
            _ => value,
        })
    }

    fn find<T>(self, keys: &[&str], read: impl Fn(&Value) -> Option<T>) -> Option<T> {
        let wrapped = WRAPPERS.iter().filter_map(|key| self.object.get(*key)?.as_object());
        std::iter::once(self.object)
            .chain(wrapped)
            .find_map(|object| keys.iter().find_map(|key| read(object.get(*key)?)))
    }
}

/// Text, a number or a truth value as text; `None` for null, an array or an object.
pub(crate) fn scalar(value: &Value) -> Option<String> {
    match value {
        Value::String(text) => Some(text.clone()),
        // 1250.0 is how some serializers write 1250.
        Value::Number(number) => {
            let text = number.to_string();
            Some(text.strip_suffix(".0").map_or(text.clone(), ToOwned::to_owned))
        }
        Value::Bool(truth) => Some(truth.to_string()),
        Value::Null | Value::Array(_) | Value::Object(_) => None,
    }
}
