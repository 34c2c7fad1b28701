//! The people of a workload: the population by number, what each is called, and the strangers. Names are drawn an
//! operation, so that two writes of one customer never look alike; e-mails are fixed a person.

use crate::operation::Customer;

use super::draw::{Draw, Topic};

const GIVEN: [&str; 16] = [
    "Aiko", "Ben", "Chloe", "Daan", "Emi", "Femi", "Greta", "Haruto", "Ines", "Jonas", "Kofi", "Lina", "Mika", "Noor",
    "Oskar", "Priya",
];

const FAMILY: [&str; 16] = [
    "Abe", "Brandt", "Costa", "Dubois", "Endo", "Fischer", "Garcia", "Haas", "Ito", "Jensen", "Kovacs", "Lindt",
    "Mori", "Nakano", "Okafor", "Petrov",
];

/// Customer numbers from C001 on.
pub(super) fn cust_no(person: u32) -> String {
    let mut text = String::with_capacity(8);
    text.push('C');
    push_padded(&mut text, person + 1, 3);
    text
}

/// The e-mail that a person comes with.
pub(super) fn email(person: u32) -> String {
    let mut text = String::with_capacity(24);
    text.push('c');
    push_padded(&mut text, person + 1, 3);
    text.push_str("@mail.example");
    text
}

/// The e-mail that an update gives a person.
pub(super) fn next_email(person: u32, operation: u32) -> String {
    let mut text = String::with_capacity(24);
    text.push('c');
    push_padded(&mut text, person + 1, 3);
    text.push('.');
    push_padded(&mut text, operation, 1);
    text.push_str("@mail.example");
    text
}

/// The e-mail of a stranger whom nobody asks for.
pub(super) fn stranger_email(stranger: u32) -> String {
    let mut text = String::from("stranger");
    push_padded(&mut text, stranger + 1, 1);
    text.push_str("@elsewhere.example");
    text
}

/// The phone number that a person comes with.
pub(super) fn phone(person: u32) -> String {
    let mut text = String::from("+8190");
    push_padded(&mut text, person + 1, 8);
    text
}

/// The phone number that an update gives.
pub(super) fn next_phone(operation: u32) -> String {
    let mut text = String::from("+8170");
    push_padded(&mut text, operation, 8);
    text
}

/// A given name, drawn an operation.
pub(super) fn given_name(draw: Draw, operation: u32) -> &'static str {
    GIVEN[draw.below(Topic::GivenName, operation, 16) as usize]
}

/// A family name, drawn an operation.
pub(super) fn family_name(draw: Draw, operation: u32) -> &'static str {
    FAMILY[draw.below(Topic::FamilyName, operation, 16) as usize]
}

/// A customer who stands everywhere before the world begins. Every second one has a phone.
pub(super) fn standing(person: u32) -> Customer {
    Customer {
        cust_no: cust_no(person),
        email: email(person),
        given_name: GIVEN[person as usize % 16].to_owned(),
        family_name: FAMILY[person as usize / 16 % 16].to_owned(),
        phone: person.is_multiple_of(2).then(|| phone(person)),
    }
}

/// Appends a number, padded with zeros to this width.
pub(super) fn push_padded(text: &mut String, number: u32, width: usize) {
    let mut digits = [b'0'; 10];
    let mut place = digits.len();
    let mut rest = number;
    while rest > 0 || place == digits.len() {
        place -= 1;
        digits[place] = b'0' + (rest % 10) as u8;
        rest /= 10;
    }
    let from = place.min(digits.len() - width.min(digits.len()));
    text.extend(digits[from..].iter().map(|&digit| char::from(digit)));
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_have_readable_numbers() {
        assert_eq!(cust_no(0), "C001");
        assert_eq!(cust_no(1_233), "C1234");
        assert_eq!(email(41), "c042@mail.example");
        assert_eq!(next_email(41, 0), "c042.0@mail.example");
        assert_eq!(phone(6), "+819000000007");
        assert_eq!(next_phone(u32::MAX), "+81704294967295");
    }
}
