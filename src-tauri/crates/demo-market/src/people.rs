//! The people the demo market knows: names, roles, passwords and standing tokens.
//!
//! Everything here is the same in every run, so that a test or a person can write it down. What is not
//! here: tokens handed out at sign-in, which `tokens` makes.

/// What a person does in the market; it decides which events of the scenario reach them.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Role {
    /// Buys, and is told how the orders fare.
    Buyer,
    /// Sells, and is told of new orders, stock and money.
    Seller,
    /// Carries parcels from sellers to buyers.
    Courier,
    /// May broadcast, write to anyone and read the server's numbers.
    Administrator,
}

impl Role {
    /// The market's word for the role, as in `LoginResult.defaultHomePage`.
    pub(crate) fn home_page(self) -> &'static str {
        match self {
            Self::Buyer => "BUYER",
            Self::Seller => "SELLER",
            Self::Courier => "DELIVERYER",
            Self::Administrator => "ADMIN",
        }
    }
}

/// One account.
#[derive(Debug, PartialEq, Eq)]
pub struct Person {
    /// The user id, as in `user_{id}_{device}`.
    pub id: u64,
    /// The name to sign in with.
    pub username: &'static str,
    /// The password to sign in with.
    pub password: &'static str,
    /// The address to sign in with instead, together with [`EMAIL_CODE`].
    pub email: &'static str,
    /// The name in Traditional Chinese, as events carry it.
    pub name: &'static str,
    /// The name in English.
    pub english_name: &'static str,
    /// What they do.
    pub role: Role,
    /// A bearer token that is valid from the start, over restarts, and never expires by itself.
    pub token: &'static str,
    /// The second factor that a sign-in wants, where there is one.
    pub two_factor_code: Option<&'static str>,
}

/// The code that every e-mail sign-in accepts.
pub const EMAIL_CODE: &str = "135790";

/// A buyer.
pub const BUYER: Person = Person {
    id: 1001,
    username: "mei",
    password: "jasmine-1001",
    email: "mei@agora.example",
    name: "陳美玲",
    english_name: "Mei-Ling Chen",
    role: Role::Buyer,
    token: "demo-buyer-token",
    two_factor_code: None,
};

/// A second buyer, whose sign-in wants a second factor.
pub const CAREFUL_BUYER: Person = Person {
    id: 1002,
    username: "david",
    password: "oolong-1002",
    email: "david@agora.example",
    name: "王大衛",
    english_name: "David Wang",
    role: Role::Buyer,
    token: "demo-careful-buyer-token",
    two_factor_code: Some("246810"),
};

/// A seller: a tea shop.
pub const SELLER: Person = Person {
    id: 4021,
    username: "lin-tea",
    password: "dongding-4021",
    email: "tea@agora.example",
    name: "林記茶行",
    english_name: "Lin's Tea House",
    role: Role::Seller,
    token: "demo-seller-token",
    two_factor_code: None,
};

/// A courier.
pub const COURIER: Person = Person {
    id: 3003,
    username: "chih-ming",
    password: "scooter-3003",
    email: "chihming@agora.example",
    name: "張志明",
    english_name: "Chih-Ming Chang",
    role: Role::Courier,
    token: "demo-courier-token",
    two_factor_code: None,
};

/// The administrator.
pub const ADMINISTRATOR: Person = Person {
    id: 1,
    username: "admin",
    password: "agora-1",
    email: "admin@agora.example",
    name: "市集管理員",
    english_name: "Market Administrator",
    role: Role::Administrator,
    token: "demo-admin-token",
    two_factor_code: None,
};

/// Everyone, members first.
pub static ALL: [Person; 5] = [BUYER, CAREFUL_BUYER, SELLER, COURIER, ADMINISTRATOR];

/// The person with this user id, written as in a client id or a path.
pub(crate) fn by_id(id: &str) -> Option<&'static Person> {
    let id: u64 = id.parse().ok()?;
    ALL.iter().find(|person| person.id == id)
}
