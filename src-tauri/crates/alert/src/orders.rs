//! What alerts about orders come to: how many orders they are about, and what those cost.

use crate::catalogue::Language;
use crate::fields::{FIELDS, Field, Fields};
use crate::money::Money;
use crate::{Category, NewAlert};
use agora_wire::Json;

/// The orders that some alerts are about, each once.
#[derive(Debug, Clone, Default)]
pub struct Orders(Vec<Order>);

#[derive(Debug, Clone)]
struct Order {
    /// `None` where its alert doesn't say.
    number: Option<String>,
    costs: Option<Money>,
}

impl Orders {
    /// Takes one more alert, if it is about an order.
    pub fn add(&mut self, alert: &NewAlert) {
        if alert.category != Category::Orders {
            return;
        }
        let fields = Json::read(&alert.raw).and_then(Fields::of);
        let number = fields.as_ref().and_then(|fields| fields.number(field("order")?));
        // What comes back to the buyer is no order's price.
        let is_taken_back = alert.kind.contains("REFUND") || alert.kind.contains("CANCEL");
        let money = |fields: &Fields<'_>| fields.money(field("amount")?);
        let costs = fields.as_ref().filter(|_| !is_taken_back).and_then(money);
        let same = self.0.iter_mut().find(|order| order.number.is_some() && order.number == number);
        match same {
            Some(order) => order.costs = costs.or_else(|| order.costs.take()),
            None => self.0.push(Order { number, costs }),
        }
    }

    /// How many there are.
    pub fn count(&self) -> usize {
        self.0.len()
    }

    /// What they cost together, each currency by itself; `None` unless each says what it costs.
    pub fn cost(&self, language: Language) -> Option<String> {
        let mut sums: Vec<Money> = Vec::new();
        for order in &self.0 {
            let costs = order.costs.as_ref()?;
            let sum = sums.iter_mut().find_map(|sum| Some((sum.plus(costs)?, sum)));
            match sum {
                Some((more, sum)) => *sum = more,
                None => sums.push(costs.clone()),
            }
        }
        let written: Vec<_> = sums.iter().map(|sum| sum.written(language)).collect();
        (!written.is_empty()).then(|| written.join(" + "))
    }
}

fn field(name: &str) -> Option<&'static Field> {
    FIELDS.iter().find(|field| field.name == name)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::read;

    fn of(alerts: &[&str]) -> (usize, Option<String>) {
        let mut orders = Orders::default();
        for data in alerts {
            orders.add(&read("message", data, None, 0).unwrap());
        }
        (orders.count(), orders.cost(Language::EN))
    }

    #[test]
    fn each_order_counts_once_and_costs_what_was_said_last() {
        let first =
            r#"{"type":"ORDER_CREATED","orderNumber":"1","totalAmount":1000,"currency":"TWD"}"#;
        let shipped = r##"{"type":"ORDER_SHIPPED","orderNumber":"#1"}"##;
        let raised = r#"{"type":"ORDER_STATUS_CHANGED","orderNumber":"1","totalAmount":1300,"currency":"TWD"}"#;
        let second =
            r#"{"type":"ORDER_CREATED","orderId":2,"totalAmount":"5000","currency":"TWD"}"#;
        let abroad = r#"{"type":"ORDER_CREATED","orderId":3,"totalAmount":"20","currency":"USD"}"#;
        let cost = |text: &str| Some(text.to_owned());
        assert_eq!(of(&[first, shipped]), (1, cost("NT$1,000")));
        assert_eq!(of(&[first, shipped, raised, second]), (2, cost("NT$6,300")));
        assert_eq!(of(&[first, abroad]), (2, cost("NT$1,000 + $20.00")));
    }

    #[test]
    fn nothing_is_said_of_the_cost_where_one_does_not_tell_it() {
        let told = r#"{"type":"ORDER_CREATED","orderNumber":"1","totalAmount":1000}"#;
        let untold = r#"{"type":"ORDER_SHIPPED","orderNumber":"2"}"#;
        let refund = r#"{"type":"REFUND_COMPLETED","orderNumber":"3","refundAmount":50}"#;
        let nameless = r#"{"type":"ORDER_SHIPPED"}"#;
        let chat = r#"{"type":"CHAT_MESSAGE","orderNumber":"9","content":"?"}"#;
        assert_eq!(of(&[told, untold]), (2, None));
        assert_eq!(of(&[told, refund]), (2, None));
        assert_eq!(of(&[nameless, nameless, chat]), (2, None));
        assert_eq!(of(&[]), (0, None));
    }
}
