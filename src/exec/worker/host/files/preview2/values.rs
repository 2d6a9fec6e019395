//! Times, types and errors of the scratch directory in the words of `wasi:filesystem@0.2`.

use std::time::Duration;

use wasmtime_wasi::p2::FsError;
use wasmtime_wasi::p2::bindings::clocks::wall_clock::Datetime;
use wasmtime_wasi::p2::bindings::filesystem::types::{
    DescriptorStat, DescriptorType, ErrorCode, MetadataHashValue, NewTimestamp,
};

use super::super::tree::{Fault, Stat, Tree};

pub(super) fn type_of(is_directory: bool) -> DescriptorType {
    match is_directory {
        true => DescriptorType::Directory,
        false => DescriptorType::RegularFile,
    }
}

pub(super) fn hash(number: u64) -> MetadataHashValue {
    let (lower, upper) = Tree::hash(number);
    MetadataHashValue { lower, upper }
}

/// The time that a guest sets, if it sets one.
pub(super) fn time(new: NewTimestamp, now: Duration) -> Result<Option<Duration>, Fault> {
    match new {
        NewTimestamp::NoChange => Ok(None),
        NewTimestamp::Now => Ok(Some(now)),
        NewTimestamp::Timestamp(Datetime { seconds, nanoseconds }) => {
            let nanoseconds = Duration::from_nanos(nanoseconds.into());
            let time = Duration::from_secs(seconds).checked_add(nanoseconds);
            time.map(Some).ok_or(Fault::Invalid)
        }
    }
}

impl From<Stat> for DescriptorStat {
    fn from(stat: Stat) -> Self {
        let time = |time: Duration| {
            Some(Datetime { seconds: time.as_secs(), nanoseconds: time.subsec_nanos() })
        };
        DescriptorStat {
            type_: type_of(stat.is_directory),
            link_count: stat.links,
            size: stat.size,
            data_access_timestamp: time(stat.times.accessed),
            data_modification_timestamp: time(stat.times.modified),
            status_change_timestamp: time(stat.times.changed),
        }
    }
}

impl From<Fault> for FsError {
    fn from(fault: Fault) -> Self {
        ErrorCode::from(fault).into()
    }
}

impl From<Fault> for ErrorCode {
    fn from(fault: Fault) -> Self {
        match fault {
            Fault::BadDescriptor => ErrorCode::BadDescriptor,
            Fault::Exist => ErrorCode::Exist,
            Fault::FileTooLarge => ErrorCode::FileTooLarge,
            Fault::InsufficientSpace => ErrorCode::InsufficientSpace,
            Fault::Invalid => ErrorCode::Invalid,
            Fault::IsDirectory => ErrorCode::IsDirectory,
            Fault::NameTooLong => ErrorCode::NameTooLong,
            Fault::NoEntry => ErrorCode::NoEntry,
            Fault::NotDirectory => ErrorCode::NotDirectory,
            Fault::NotEmpty => ErrorCode::NotEmpty,
            Fault::NotPermitted => ErrorCode::NotPermitted,
            Fault::Unsupported => ErrorCode::Unsupported,
        }
    }
}
