//! Files as programs write them, and worse ones.

mod damage;
mod meaning;
mod producers;
mod support;
