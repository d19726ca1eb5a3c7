//! The record of a token.

use bytes::Bytes;

use super::civil::{read_id, read_instant};
use super::meta::{read_meta, write_meta};
use super::{Read, RecordError, pb};
use crate::civil::Instant;
use crate::model::{Entered, Grant, ResidentId, Role, TeamId, Token, TokenUse};

pub(super) fn write(entry: &Entered<Token>) -> pb::TokenRecord {
    let value = &entry.value;
    let (role, team, resident) = match &value.grant {
        Grant::Admin => (pb::TokenRole::Admin, None, None),
        Grant::Team(team, Role::Viewer) => (pb::TokenRole::Viewer, Some(team), None),
        Grant::Team(team, Role::Resident(resident)) => (pb::TokenRole::Resident, Some(team), Some(resident)),
        Grant::Team(team, Role::Coordinator) => (pb::TokenRole::Coordinator, Some(team), None),
    };
    pb::TokenRecord {
        meta: write_meta(&entry.meta),
        name: value.name.clone(),
        role: role.into(),
        team: team.map(ToString::to_string),
        resident: resident.map(ToString::to_string),
        invitation: value.used_for == TokenUse::Invitation,
        hash: Bytes::copy_from_slice(&value.hash),
        expires: value.expires.map(Instant::seconds),
        revoked: value.revoked.map(Instant::seconds),
        last_used: value.last_used.map(Instant::seconds),
        issuer: value.issuer.clone(),
    }
}

pub(super) fn read(record: pb::TokenRecord) -> Read<Entered<Token>> {
    let instant = |at: Option<i64>, field| at.map(|at| read_instant(at, field)).transpose();
    let role = record.role();
    let team = record.team.map(|id| read_id(&id, TeamId::new, "token.team")).transpose()?;
    let resident = record.resident.map(|id| read_id(&id, ResidentId::new, "token.resident")).transpose()?;
    let value = Token {
        grant: match (role, team, resident) {
            (pb::TokenRole::Admin, None, None) => Grant::Admin,
            (pb::TokenRole::Viewer, Some(team), None) => Grant::Team(team, Role::Viewer),
            (pb::TokenRole::Resident, Some(team), Some(resident)) => Grant::Team(team, Role::Resident(resident)),
            (pb::TokenRole::Coordinator, Some(team), None) => Grant::Team(team, Role::Coordinator),
            _ => return Err(RecordError::Field("token.role")),
        },
        name: record.name,
        used_for: if record.invitation { TokenUse::Invitation } else { TokenUse::Call },
        hash: record.hash.as_ref().try_into().map_err(|_| RecordError::Field("token.hash"))?,
        expires: instant(record.expires, "token.expires")?,
        revoked: instant(record.revoked, "token.revoked")?,
        last_used: instant(record.last_used, "token.last_used")?,
        issuer: record.issuer,
    };
    Ok(Entered { meta: read_meta(record.meta)?, value })
}
