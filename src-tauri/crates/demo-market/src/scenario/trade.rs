//! Stories of trade: an order from the first click to the doorstep, and the ways it goes wrong.

use serde_json::{Value, json};

use super::dice::Dice;
use super::lines::{BUYERS, PLACES, Party, SHOPS, in_language};
use super::step::{ADMINISTRATORS, BUYER, COURIERS, SELLER, Step, extend, step};
use crate::people::COURIER;

struct Order {
    english: bool,
    id: u64,
    number: String,
    buyer: Party,
    shop: Party,
    product: &'static str,
    amount: u64,
    courier: &'static str,
}

impl Order {
    fn new(dice: &mut Dice) -> (Self, Step) {
        let english = dice.in_english();
        let (id, number) = dice.new_order();
        let (product, name) = dice.product(english);
        let quantity = dice.between(1, 3);
        let order = Self {
            english,
            id,
            number,
            buyer: dice.one_of(&BUYERS),
            shop: dice.one_of(&SHOPS),
            product: name,
            amount: product.price * quantity,
            courier: if english { COURIER.english_name } else { COURIER.name },
        };
        let created = step(
            SELLER,
            order.event(
                "ORDER_CREATED",
                "PENDING",
                json!({ "buyerId": order.buyer.id, "buyerName": order.buyer(), "quantity": quantity }),
            ),
        );
        (order, created)
    }

    /// An event with the fields that every event of an order has, and more.
    fn event(&self, kind: &str, status: &str, more: Value) -> Value {
        let mut body = json!({
            "type": kind,
            "orderId": self.id,
            "orderNumber": self.number,
            "productName": self.product,
            "amount": self.amount,
            "currency": "TWD",
            "status": status,
        });
        extend(&mut body, more);
        body
    }

    fn buyer(&self) -> &'static str {
        self.buyer.name(self.english)
    }

    fn shop(&self) -> &'static str {
        self.shop.name(self.english)
    }

    fn changed(&self, from: &str, to: &str) -> Value {
        self.event(
            "ORDER_STATUS_CHANGED",
            to,
            json!({ "oldStatus": from, "newStatus": to, "storeName": self.shop() }),
        )
    }

    fn shipped(&self) -> Value {
        let (title, content) = if self.english {
            (
                "Your parcel is on its way".to_owned(),
                format!("{} has sent {} (order {}).", self.shop(), self.product, self.number),
            )
        } else {
            (
                "您的包裹已寄出".to_owned(),
                format!("{}已寄出「{}」，訂單 {}。", self.shop(), self.product, self.number),
            )
        };
        let more =
            json!({ "title": title, "content": content, "link": format!("/orders/{}", self.id) });
        self.event("ORDER_SHIPPED", "SHIPPED", more)
    }

    /// An event of the delivery; who delivers is known once somebody accepted it.
    fn delivery(&self, kind: &str, status: &str, more: Value) -> Value {
        let mut body = json!({
            "type": kind,
            "deliveryOrderId": self.id + 400_000,
            "orderNumber": self.number,
            "status": status,
        });
        if status != "WAITING" {
            body["delivererName"] = json!(self.courier);
        }
        extend(&mut body, more);
        body
    }
}

fn new_delivery(order: &Order, dice: &mut Dice, fee: u64) -> Step {
    let more = json!({
        "storeName": order.shop(),
        "pickupAddress": in_language(order.english, dice.one_of(&PLACES)),
        "deliveryAddress": in_language(order.english, dice.one_of(&PLACES)),
        "deliveryFee": fee,
        "currency": "TWD",
        "distanceKm": f64::from(dice.below(90) + 8) / 10.0,
    });
    step(COURIERS, order.delivery("NEW_DELIVERY_ORDER", "WAITING", more))
}

/// An order that goes well.
pub(super) fn order(dice: &mut Dice) -> Vec<Step> {
    let (order, created) = Order::new(dice);
    let fee = dice.between(60, 140);
    let balance = dice.between(8_000, 60_000);
    let minutes = dice.between(8, 35);
    let none = || json!({});
    vec![
        created,
        step(BUYER, order.changed("PENDING", "CONFIRMED")),
        new_delivery(&order, dice, fee),
        step(
            BUYER,
            order.delivery("DELIVERY_ACCEPTED", "ACCEPTED", json!({ "estimatedMinutes": minutes })),
        ),
        step(SELLER, order.delivery("DELIVERY_ORDER_STATUS_UPDATE", "ACCEPTED", none())),
        step(BUYER, order.shipped()),
        step(COURIERS, order.delivery("DELIVERY_ORDER_PICKED_UP", "PICKED_UP", none())),
        step(SELLER, order.delivery("DELIVERY_PICKED_UP", "PICKED_UP", none())),
        step(
            BUYER,
            order.event(
                "ORDER_DELIVERING",
                "DELIVERING",
                json!({ "delivererName": order.courier, "estimatedMinutes": minutes }),
            ),
        ),
        step(COURIERS, order.delivery("DELIVERY_ORDER_DELIVERED", "DELIVERED", none())),
        step(
            BUYER,
            order.event("ORDER_DELIVERED", "DELIVERED", json!({ "storeName": order.shop() })),
        ),
        step(SELLER, order.delivery("DELIVERY_DELIVERED", "DELIVERED", none())),
        step(
            COURIERS,
            order.delivery(
                "DELIVERY_ORDER_COMPLETED",
                "COMPLETED",
                json!({ "deliveryFee": fee, "currency": "TWD" }),
            ),
        ),
        step(
            COURIERS,
            json!({ "type": "BALANCE_INCREASED", "amount": fee, "currency": "TWD", "balance": balance / 4 + fee, "reason": "DELIVERY_FEE", "orderNumber": order.number }),
        ),
        step(
            SELLER,
            order.event("ORDER_COMPLETED", "COMPLETED", json!({ "buyerName": order.buyer() })),
        ),
        step(
            SELLER,
            json!({ "type": "BALANCE_INCREASED", "amount": order.amount.to_string(), "currency": "TWD", "balance": balance + order.amount, "reason": "ORDER_INCOME", "orderNumber": order.number }),
        ),
    ]
}

/// An order that the buyer takes back.
pub(super) fn cancelled_order(dice: &mut Dice) -> Vec<Step> {
    let (order, created) = Order::new(dice);
    let reason = if order.english { "Ordered twice by mistake" } else { "重複下單" };
    let balance = dice.between(500, 9_000);
    vec![
        created,
        step(
            SELLER,
            order.event(
                "ORDER_CANCELLED",
                "CANCELLED",
                json!({ "buyerName": order.buyer(), "cancelReason": reason }),
            ),
        ),
        step(
            SELLER,
            order.event(
                "REFUND_REQUESTED",
                "REFUNDING",
                json!({ "refundAmount": order.amount, "reason": reason }),
            ),
        ),
        step(
            BUYER,
            order.event("REFUND_COMPLETED", "REFUNDED", json!({ "refundAmount": order.amount })),
        ),
        step(
            BUYER,
            json!({ "type": "BALANCE_INCREASED", "amount": order.amount, "currency": "TWD", "balance": balance + order.amount, "reason": "REFUND" }),
        ),
    ]
}

/// An order that two sides see differently.
pub(super) fn dispute(dice: &mut Dice) -> Vec<Step> {
    let (order, created) = Order::new(dice);
    let (title, content) = if order.english {
        (
            "A dispute was opened",
            format!(
                "{} says that {} arrived damaged. Please answer within 48 hours.",
                order.buyer(),
                order.product
            ),
        )
    } else {
        (
            "買家提出爭議",
            format!("{}反映「{}」收到時已破損，請於 48 小時內回覆。", order.buyer(), order.product),
        )
    };
    let link = format!("/disputes/{}", order.id % 1_000);
    let disputed = order.event(
        "ORDER_DISPUTED",
        "DISPUTED",
        json!({ "title": title, "content": content, "link": link, "isUrgent": true }),
    );
    vec![
        created,
        step(SELLER, disputed),
        step(
            ADMINISTRATORS,
            order.event(
                "ORDER_DISPUTED",
                "DISPUTED",
                json!({ "buyerName": order.buyer(), "storeName": order.shop() }),
            ),
        ),
        step(BUYER, order.changed("DISPUTED", "RESOLVED")),
    ]
}

/// A parcel that doesn't arrive at the first try, or not at all.
pub(super) fn failed_delivery(dice: &mut Dice) -> Vec<Step> {
    let (order, created) = Order::new(dice);
    let fee = dice.between(60, 140);
    let offered = new_delivery(&order, dice, fee);
    let reason = if order.english {
        "Nobody at home, phone not answered"
    } else {
        "收件人不在，電話未接"
    };
    if dice.below(3) == 0 {
        let withdrawn =
            order.delivery("DELIVERY_ORDER_CANCEL", "CANCELLED", json!({ "reason": reason }));
        return vec![created, offered, step(COURIERS, withdrawn)];
    }
    vec![
        created,
        offered,
        step(BUYER, order.shipped()),
        step(BUYER, order.delivery("DELIVERY_EXCEPTION", "EXCEPTION", json!({ "reason": reason }))),
        step(
            SELLER,
            order.delivery("DELIVERY_EXCEPTION", "EXCEPTION", json!({ "reason": reason })),
        ),
        step(
            COURIERS,
            order.delivery("DELIVERY_ORDER_FAILED", "FAILED", json!({ "reason": reason })),
        ),
    ]
}
