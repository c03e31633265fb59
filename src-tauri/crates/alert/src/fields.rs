//! The one table of fields that events are known to have, under whatever name the market gives
//! them. Each has a label in the catalogues, `field.<name>`, and is a placeholder of the wording.

use super::money::Money;
use super::values;
use crate::catalogue::Language;
use agora_wire::{Json, Object, text};
use std::borrow::Cow;

/// A field that events are known to have.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Field {
    /// Its name in the catalogues and in placeholders.
    pub name: &'static str,
    /// What its values are.
    shape: Shape,
    /// Its names on the wire, the most telling first.
    keys: &'static [&'static str],
}

/// What a field's values are, and so how people read them.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Shape {
    /// Text or a number, as it came.
    Text,
    /// The number of an order, with `#` before it.
    Order,
    /// Another number that people ask by.
    Number,
    /// A name in capitals, with a word for it in the catalogues under `value.<set>`.
    Name(&'static str),
    /// The same, but nothing where there is no word for it.
    KnownName(&'static str),
    /// An amount, its currency beside it.
    Amount,
    /// A time, in any form that a time has.
    Time,
    /// A number, with its unit in the catalogues under `value.<name>`.
    Measure(&'static str),
    /// A carrier, its tracking number beside it.
    Carrier,
}

/// A known field as an event has it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Known {
    /// Which.
    pub field: &'static Field,
    /// What it says, as people who speak the language read it.
    pub value: String,
    /// The number in it by which people ask for the thing elsewhere, as it came: of an order, a
    /// transaction, a parcel.
    pub number: Option<String>,
}

const fn field(name: &'static str, shape: Shape, keys: &'static [&'static str]) -> Field {
    Field { name, shape, keys }
}

use Shape::{Amount, Carrier, KnownName, Measure, Name, Number, Order, Text, Time};

/// Every field that is known, in the order in which the detail view shows them.
#[rustfmt::skip]
pub static FIELDS: &[Field] = &[
    field("order", Order, &["orderNumber", "orderNo", "orderCode", "orderId", "deliveryOrderId"]),
    field("status", Name("status"), &["statusText", "newStatus", "orderStatus", "deliveryStatus", "status"]),
    field("product", Text, &["productName", "productTitle", "itemName", "product"]),
    field("quantity", Text, &["quantity", "remainingStock", "currentStock", "stock"]),
    field("amount", Amount, &["refundAmount", "amount", "totalAmount", "totalPrice", "newPrice", "price", "budget"]),
    field("previous", Amount, &["oldPrice", "previousPrice", "originalPrice"]),
    field("fee", Amount, &["deliveryFee", "shippingFee"]),
    field("balance", Amount, &["newBalance", "balanceAfter", "currentBalance", "balance"]),
    field("method", Name("method"), &["paymentMethod", "payMethod", "bankAccount", "withdrawMethod"]),
    field("transaction", Number, &["transactionNumber", "transactionNo", "transactionId"]),
    field("user", Text, &["senderName", "callerName", "fromUserName", "reviewerName", "requesterName", "buyerName", "sellerName", "userName", "username", "nickname"]),
    field("recipient", Text, &["receiverName", "recipientName", "toUserName", "targetUserName"]),
    field("reader", Text, &["readerName", "readByName"]),
    field("attachment", KnownName("attachment"), &["messageType", "contentType"]),
    field("unread", Text, &["unreadCount"]),
    field("store", Text, &["storeName", "shopName"]),
    field("courier", Text, &["courierName", "delivererName", "deliveryerName", "driverName"]),
    field("carrier", Carrier, &["carrier", "logisticsCompany", "shippingCompany"]),
    field("pickup", Text, &["pickupAddress", "pickupLocation", "storeAddress"]),
    field("place", Text, &["location", "loginLocation", "place", "city", "deliveryAddress", "address"]),
    field("distance", Measure("kilometres"), &["distanceKm"]),
    field("device", Text, &["device", "deviceName", "browser", "userAgent"]),
    field("address", Text, &["ip", "ipAddress", "loginIp", "clientIp"]),
    field("attempts", Text, &["attempts", "failedAttempts", "attemptCount"]),
    field("rating", Text, &["rating", "stars", "score"]),
    field("items", Text, &["itemCount"]),
    field("reason", Name("reason"), &["reason", "cancelReason", "failureReason", "refundReason", "disputeReason", "description", "remark", "errorMessage"]),
    field("time", Time, &["estimatedArrival", "estimatedDeliveryTime", "estimatedTime", "scheduledTime", "startTime"]),
    field("until", Time, &["estimatedEndTime", "endTime", "expiresAt", "tokenExpiration", "lockedUntil"]),
    field("minutes", Measure("minutes"), &["estimatedMinutes", "expiresInMinutes", "remainingMinutes"]),
];

const CURRENCY: [&str; 2] = ["currency", "currencyCode"];
const TRACKING: [&str; 2] = ["trackingNumber", "trackingNo"];

/// So much of a text is read, in bytes as it is written: the 4,000 characters of a content are 48 KB where
/// each is two escapes.
const LONGEST: usize = 64 << 10;

/// What is longer is nobody's link, in bytes.
pub const LONGEST_LINK: usize = 2_048;

/// The names of a link on the wire.
pub(super) const LINK: [&str; 3] = ["link", "url", "actionUrl"];
/// So many bytes of a link are kept more than open, of which a character takes four at the most.
const MORE: usize = 4;
const WRAPPERS: [&str; 4] = ["notification", "data", "payload", "order"];

/// An event's data, looked into by name: its own keys first, then those of the objects in which
/// Spring applications like to wrap them.
#[derive(Debug)]
pub(crate) struct Fields<'a> {
    own: Object<'a>,
    wrapped: Vec<Object<'a>>,
}

impl<'a> Fields<'a> {
    /// Those of an object; `None` for anything else.
    pub(crate) fn of(json: Json<'a>) -> Option<Self> {
        let own = json.object()?;
        let wrapped = WRAPPERS.iter().filter_map(|key| own.get(key)?.object()).collect();
        Some(Self { own, wrapped })
    }

    /// The object itself.
    pub(crate) fn own(&self) -> &Object<'a> {
        &self.own
    }

    /// The first of the keys that holds text, a number or a truth value, as one line.
    pub(crate) fn first(&self, keys: &[&str]) -> Option<String> {
        self.find(keys, |value| text::line(&said(value)?))
    }

    /// The same, also where the end of it is missing: for words, which say something all the same.
    pub(crate) fn heading(&self, keys: &[&str]) -> Option<String> {
        self.find(keys, |value| text::line(&words(value)?))
    }

    /// The same, with its line breaks.
    pub(crate) fn paragraph(&self, keys: &[&str]) -> Option<String> {
        self.find(keys, |value| text::paragraph(&words(value)?))
    }

    /// Where the event leads, as it says, whatever that is: `agora-link` says whether
    /// it opens and why not. Cut only where it is too long to open, so that it leads nowhere else.
    pub(crate) fn link(&self) -> Option<String> {
        self.find(&LINK, |value| {
            let link = value.text()?;
            let link = link.trim();
            let mut ends = (0..=LONGEST_LINK + MORE).rev();
            let end = ends.find(|end| link.is_char_boundary(*end))?;
            (!link.is_empty()).then(|| link[..end].to_owned())
        })
    }

    /// Whether one of the keys holds `true`, in any of its forms.
    pub(crate) fn is_true(&self, keys: &[&str]) -> bool {
        self.find(keys, |value| value.truth().filter(|truth| *truth)).is_some()
    }

    /// Every known field that it has, as people who speak the language read it.
    pub(crate) fn known(&self, language: Language) -> Vec<Known> {
        let known = |field| {
            let value = self.get(field, language)?;
            Some(Known { field, value, number: self.number(field) })
        };
        FIELDS.iter().filter_map(known).collect()
    }

    pub(super) fn number(&self, field: &Field) -> Option<String> {
        match field.shape {
            Order => self.first(field.keys).map(|it| it.trim_start_matches('#').to_owned()),
            Number => self.first(field.keys),
            Carrier => self.first(&TRACKING),
            _ => None,
        }
    }

    /// A known field, as people who speak the language read it.
    pub(crate) fn get(&self, field: &Field, language: Language) -> Option<String> {
        if field.shape == Time {
            return self.find(field.keys, |value| values::time(language, value));
        }
        let value = self.first(field.keys)?;
        Some(match field.shape {
            Text | Number | Time => value,
            Order if value.starts_with('#') => value,
            Order => format!("#{value}"),
            // What a stored notification says of itself, not of what it is about.
            Name("status") if matches!(&*value, "UNREAD" | "READ" | "DELETED") => {
                return None;
            }
            Name(set) => values::name(language, set, value),
            KnownName(set) => values::known_name(language, set, &value)?,
            Amount => self.money(field).map_or(value, |money| money.written(language)),
            Measure(unit) => values::measure(language, unit, value),
            Carrier => match self.first(&TRACKING) {
                Some(tracking) => format!("{value} {tracking}"),
                None => value,
            },
        })
    }

    /// The field's amount; `None` where it has none or has something else.
    pub(super) fn money(&self, field: &Field) -> Option<Money> {
        let currency = self.first(&CURRENCY);
        Money::read(&self.first(field.keys)?, currency.as_deref())
    }

    pub(super) fn find<T>(&self, keys: &[&str], read: impl Fn(Json<'a>) -> Option<T>) -> Option<T> {
        std::iter::once(&self.own)
            .chain(&self.wrapped)
            .find_map(|object| keys.iter().find_map(|key| read(object.get(key)?)))
    }
}

impl Field {
    /// Whether its values are amounts of money.
    pub(super) fn is_money(&self) -> bool {
        self.shape == Amount
    }
}

/// What a value says: of a long text the beginning, of which more than is ever shown is left.
pub(super) fn said(value: Json<'_>) -> Option<Cow<'_, str>> {
    if value.is_whole() { words(value) } else { None }
}

/// What a value says, as far as it goes.
fn words(value: Json<'_>) -> Option<Cow<'_, str>> {
    value.beginning_of(LONGEST).or_else(|| value.scalar().map(Cow::Owned))
}
