//! Orders of the shop, as far as customers need them: created, read, listed, given to another customer or to nobody.
//! All are open and unpaid. How requests name the customer stands in `buyer`.

use super::super::json::{Json, key, write_number};
use super::super::target::Query;
use super::super::{Child, ChildKind, Fingerprint, MadeFor};
use super::buyer::Said;
use super::filter::{self, Filters};
use super::page::Page;
use super::{Commerce, FIRST_ID, answer};
use crate::clock::{Instant, Stamp};
use crate::wire::{Request, Response};

/// The id of the first order; later ones count upwards.
pub(super) const FIRST_ORDER_ID: u64 = 5_000_000_000_001;
/// What a shopper calls the first order.
const FIRST_ORDER_NAME: u64 = 1001;

/// An order.
#[derive(Debug, Clone)]
pub(super) struct Order {
    /// The row of its customer, if it has one.
    pub(super) row: Option<u32>,
    pub(super) created: Stamp,
    pub(super) updated: Stamp,
    /// For whom it was created.
    made_for: MadeFor,
}

impl Order {
    /// Feeds all that can still matter of it.
    pub(super) fn feed(&self, print: &mut Fingerprint) {
        print.number(self.row.map_or(0, |row| u64::from(row) + 1));
        self.made_for.feed(print);
    }

    /// How checkers see it.
    pub(super) fn child(&self, number: usize) -> Child {
        Child {
            kind: ChildKind::Order,
            id: (FIRST_ORDER_ID + number as u64).to_string(),
            holder: self.row.map(|row| (FIRST_ID + u64::from(row)).to_string()),
            made_for: self.made_for.clone(),
        }
    }
}

impl Commerce {
    /// Adds an order to a customer, or to nobody.
    pub(super) fn add_order(&mut self, now: Instant, row: Option<usize>) -> u32 {
        let made_for = row.map_or(MadeFor::Nobody, |row| {
            MadeFor::of(self.rows[row].customer.owner(), || (FIRST_ID + row as u64).to_string())
        });
        self.add_order_for(now, row, made_for)
    }

    /// The same for whom the caller says: a merged customer may bear two numbers.
    pub(super) fn add_order_for(&mut self, now: Instant, row: Option<usize>, made_for: MadeFor) -> u32 {
        let number = self.orders.len() as u32;
        let created = Stamp::at(now);
        self.orders.push(Order { row: row.map(|row| row as u32), created, updated: created, made_for });
        if let Some(row) = row {
            self.rows[row].orders.push(number);
        }
        number
    }

    /// Gives an order to another customer, or to nobody.
    pub(super) fn move_order(&mut self, now: Instant, number: u32, to: Option<usize>) {
        let order = &mut self.orders[number as usize];
        order.updated = Stamp::at(now);
        if let Some(row) = std::mem::replace(&mut order.row, to.map(|row| row as u32)) {
            self.rows[row as usize].orders.retain(|&held| held != number);
        }
        if let Some(row) = to {
            self.rows[row].orders.push(number);
            self.rows[row].orders.sort_unstable();
        }
    }

    /// The order with this id.
    pub(super) fn order_number(&self, id: &str) -> Option<u32> {
        let number = u32::try_from(id.parse::<u64>().ok()?.checked_sub(FIRST_ORDER_ID)?).ok()?;
        ((number as usize) < self.orders.len()).then_some(number)
    }

    /// `POST orders`
    pub(super) fn create_order(&mut self, now: Instant, request: &Request) -> Response {
        let Some(said) = Said::of(&request.body) else { return answer::bad_order() };
        match self.buyer(now, &said) {
            Ok(row) => {
                let number = self.add_order(now, row);
                self.answer_order(201, number)
            }
            Err(refused) => refused,
        }
    }

    /// `GET orders/{id}`
    pub(super) fn read_order(&self, id: &str) -> Response {
        self.order_number(id).map_or_else(answer::not_found, |number| self.answer_order(200, number))
    }

    /// `PUT orders/{id}`: of what it may say, only the customer changes anything here.
    pub(super) fn update_order(&mut self, now: Instant, id: &str, request: &Request) -> Response {
        let Some(number) = self.order_number(id) else { return answer::not_found() };
        let Some(said) = Said::of(&request.body) else { return answer::bad_order() };
        match self.other_buyer(now, &said) {
            Ok(None) => {}
            Ok(Some(row)) => self.move_order(now, number, row),
            Err(refused) => return refused,
        }
        self.answer_order(200, number)
    }

    /// `GET customers/{id}/orders`
    pub(super) fn orders_of(&self, id: &str, request: &Request) -> Response {
        let Some(row) = self.present(id) else { return answer::not_found() };
        match Page::of(Query(request.query()), filter::OF_ORDERS) {
            Ok(page) => self.answer_orders(&self.rows[row].orders, &page, request),
            Err(refusal) => answer::refused(&refusal),
        }
    }

    /// `GET orders`
    pub(super) fn list_orders(&self, request: &Request) -> Response {
        match Page::of(Query(request.query()), filter::OF_ORDERS) {
            Ok(page) => self.answer_orders(&self.asked_orders(&page.filters), &page, request),
            Err(refusal) => answer::refused(&refusal),
        }
    }

    /// `GET orders/count`
    pub(super) fn count_orders(&self, request: &Request) -> Response {
        match Page::of(Query(request.query()), filter::OF_ORDERS) {
            Ok(page) => {
                let since = page.filters.since.unwrap_or_default();
                let orders = self.asked_orders(&page.filters).into_iter();
                let is_asked = |&number: &u32| {
                    FIRST_ORDER_ID + u64::from(number) > since && self.is_asked_order(&page.filters, number)
                };
                answer::count(orders.filter(is_asked).count())
            }
            Err(refusal) => answer::refused(&refusal),
        }
    }

    /// All orders, or those of the customer whom filters name.
    fn asked_orders(&self, filters: &Filters) -> Vec<u32> {
        match &filters.customer {
            None => (0..self.orders.len() as u32).collect(),
            Some(id) => self.present(id).map_or_else(Vec::new, |row| self.rows[row].orders.clone()),
        }
    }

    fn answer_order(&self, status: u16, number: u32) -> Response {
        let mut json = Json::with_capacity(320, self.drift);
        json.open();
        json.open_under(key!("order"));
        self.write_order(&mut json, number);
        json.close();
        json.close();
        Response::json(status, json.finish())
    }

    /// The asked-for page of those of these orders that the request asks for.
    fn answer_orders(&self, orders: &[u32], page: &Page, request: &Request) -> Response {
        let asked = orders.iter().filter(|&&number| self.is_asked_order(&page.filters, number));
        let asked = asked.map(|&number| (number as usize, number));
        let cut = page.cut(asked, FIRST_ORDER_ID, |key, order| self.order_key(key, order));
        let mut json = Json::with_capacity(64 + cut.items.len() * 256, self.drift);
        json.open();
        json.open_list_under(key!("orders"));
        for &(_, order) in &cut.items {
            json.open();
            self.write_order(&mut json, order);
            json.close();
        }
        json.close_list();
        json.close();
        let mut response = Response::json(200, json.finish());
        let links = page.links(request, &cut);
        if !links.is_empty() {
            response.headers.push("link", &links);
        }
        response
    }

    fn write_order(&self, json: &mut Json, number: u32) {
        let order = &self.orders[number as usize];
        json.number(key!("id"), FIRST_ORDER_ID + u64::from(number));
        json.value(key!("name"), |out| write_order_name(out, number));
        json.number(key!("order_number"), FIRST_ORDER_NAME + u64::from(number));
        json.stamps(order.created, order.updated);
        json.optional(r#""currency":"EUR","total_price":"10.00""#);
        json.constant(r#""financial_status":"pending","fulfillment_status":null,"cancelled_at":null,"closed_at":null"#);
        let email = order.row.and_then(|row| self.rows[row as usize].customer.email.as_deref());
        json.text_or_null(key!("email"), email);
        match order.row {
            Some(row) => {
                json.open_under(key!("customer"));
                json.number(key!("id"), FIRST_ID + u64::from(row));
                json.text_or_null(key!("email"), email);
                json.close();
            }
            None => json.null(key!("customer")),
        }
    }
}

/// What a shopper calls an order.
pub(super) fn order_name(number: u32) -> String {
    format!("#{}", FIRST_ORDER_NAME + u64::from(number))
}

/// What a shopper calls an order, in quotes.
pub(super) fn write_order_name(out: &mut Vec<u8>, number: u32) {
    out.extend_from_slice(b"\"#");
    write_number(out, FIRST_ORDER_NAME + u64::from(number));
    out.push(b'"');
}
