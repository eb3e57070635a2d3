//! How records are kept: in order, found by name, and copied without copying them.

mod patch;
mod set;
mod sorted;
mod table;

pub(crate) use self::{
    patch::{Patch, by_member, patch_members, patch_whole, replaced, within},
    sorted::Sorted,
};
pub use self::{
    set::Set,
    table::{Record, Table},
};
