//! Persons' roles, and who acts.

use crate::terms::words;
use crate::{ClientId, PersonId};

/// What a person may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Role {
    /// Of a client: sees its accounts and payments.
    Viewer,
    /// Of a client: prepares payments.
    Preparer,
    /// Of a client: looks after its persons and online users.
    Administrator,
    /// Of a client: signs payments, by the specimen-signature card.
    Signatory,
    /// Operator: enters and checks applications.
    Clerk,
    /// Operator: checks and approves applications.
    Approver,
    /// Operator: reads everything, changes nothing.
    Auditor,
}

words!(Role {
    Viewer = "viewer",
    Preparer = "preparer",
    Administrator = "administrator",
    Signatory = "signatory",
    Clerk = "clerk",
    Approver = "approver",
    Auditor = "auditor",
});

impl Role {
    /// Whether it is a role of the Treasury's staff; the others are those of clients' persons.
    #[must_use]
    pub const fn is_operators(self) -> bool {
        matches!(self, Role::Clerk | Role::Approver | Role::Auditor)
    }

    const fn bit(self) -> u32 {
        1 << self as u32
    }
}

/// A set of roles.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub struct Roles(u32);

impl Roles {
    /// These roles.
    #[must_use]
    pub fn of(roles: &[Role]) -> Roles {
        Roles(roles.iter().fold(0, |bits, role| bits | role.bit()))
    }

    /// The set as a number: a bit for each role in the order of [`Role::ALL`], lowest first. `None`: another bit is set.
    #[must_use]
    pub fn of_bits(bits: i64) -> Option<Roles> {
        let roles = Roles(u32::try_from(bits).ok()?);
        (Roles::of(&roles.iter().collect::<Vec<_>>()) == roles).then_some(roles)
    }

    /// See [`Roles::of_bits`].
    #[must_use]
    pub fn bits(self) -> i64 {
        self.0.into()
    }

    /// Whether the role is among them.
    #[must_use]
    pub fn has(self, role: Role) -> bool {
        self.0 & role.bit() != 0
    }

    /// Each of them.
    pub fn iter(self) -> impl Iterator<Item = Role> {
        Role::ALL.iter().copied().filter(move |role| self.has(*role))
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0 == 0
    }
}

/// Who acts: a person with the roles that hold at this moment.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Actor {
    /// The person.
    pub person: PersonId,
    /// The client whose person it is; `None`: an operator.
    pub client: Option<ClientId>,
    /// The roles.
    pub roles: Roles,
}

impl Actor {
    /// Whether the actor is an operator with one of these roles.
    #[must_use]
    pub fn is_operator(&self, with: &[Role]) -> bool {
        self.client.is_none() && with.iter().any(|role| role.is_operators() && self.roles.has(*role))
    }
}
