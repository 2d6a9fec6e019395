//! What is the same in both versions of `wasi:filesystem`, for their two sets of bindings. A module that uses these
//! macros imports the types of its bindings.

/// Passes to the macro `$define` every function of a descriptor that needs no stream, no second descriptor and no new
/// handle: its name, parameters and result, and what it returns, a `Result` with a `Fault`.
macro_rules! descriptor_functions {
    ($define:ident) => {
        $define! { open:
            advise(_offset: u64, _length: u64, _advice: Advice) -> () { open.check_file() }
            sync_data() -> () { Ok(()) }
            sync() -> () { Ok(()) }
            get_flags() -> DescriptorFlags { Ok(flags(open.access())) }
            get_type() -> DescriptorType { Ok(type_of(open.is_directory())) }
            set_size(size: u64) -> () { open.set_size(size) }
            set_times(accessed: NewTimestamp, modified: NewTimestamp) -> () {
                let times = times(accessed, modified, open.now());
                times.and_then(|times| open.with(|tree, number| tree.set_times(number, times)))
            }
            set_times_at(
                _flags: PathFlags,
                path: String,
                accessed: NewTimestamp,
                modified: NewTimestamp
            ) -> () {
                let times = times(accessed, modified, open.now());
                open.with(|tree, base| tree.set_times(tree.find(base, &path)?, times?))
            }
            stat() -> DescriptorStat { open.with(|tree, number| Ok(tree.stat(number)?.into())) }
            stat_at(_flags: PathFlags, path: String) -> DescriptorStat {
                open.with(|tree, base| {
                    let found = tree.find(base, &path).inspect_err(trace_missing)?;
                    Ok(tree.stat(found)?.into())
                })
            }
            // There are no links.
            readlink_at(path: String) -> String {
                open.with(|tree, base| tree.find(base, &path)).and(Err(Fault::Invalid))
            }
            link_at(
                _flags: PathFlags,
                _old: String,
                _directory: Resource<Descriptor>,
                _new: String
            ) -> () { Err(Fault::Unsupported) }
            symlink_at(_old: String, _new: String) -> () { Err(Fault::Unsupported) }
            create_directory_at(path: String) -> () {
                open.with(|tree, base| tree.create_directory(base, &path))
            }
            remove_directory_at(path: String) -> () {
                open.with(|tree, base| tree.remove_directory(base, &path))
            }
            unlink_file_at(path: String) -> () {
                open.with(|tree, base| tree.unlink_file(base, &path))
            }
            metadata_hash() -> MetadataHashValue { open.with(|_, number| Ok(hash(number))) }
            metadata_hash_at(_flags: PathFlags, path: String) -> MetadataHashValue {
                open.with(|tree, base| tree.find(base, &path)).map(hash)
            }
        }
    };
}

/// Defines the conversions between the scratch directory's values and those of the bindings, whose time is a `$Time` and
/// whose error is an `$Error`.
macro_rules! conversions {
    ($Time:ident, $Error:ident) => {
        fn type_of(is_directory: bool) -> DescriptorType {
            match is_directory {
                true => DescriptorType::Directory,
                false => DescriptorType::RegularFile,
            }
        }

        fn flags(access: Option<Access>) -> DescriptorFlags {
            let Some(Access { read, write }) = access else {
                return DescriptorFlags::READ | DescriptorFlags::MUTATE_DIRECTORY;
            };
            let reads = if read { DescriptorFlags::READ } else { DescriptorFlags::empty() };
            if write { reads | DescriptorFlags::WRITE } else { reads }
        }

        fn how(open: OpenFlags, flags: DescriptorFlags) -> How {
            How {
                create: open.contains(OpenFlags::CREATE),
                exclusive: open.contains(OpenFlags::EXCLUSIVE),
                truncate: open.contains(OpenFlags::TRUNCATE),
                directory: open.contains(OpenFlags::DIRECTORY),
                write: flags.contains(DescriptorFlags::WRITE),
            }
        }

        fn entry((name, is_directory): (String, bool)) -> DirectoryEntry {
            DirectoryEntry { type_: type_of(is_directory), name }
        }

        fn hash(number: u64) -> MetadataHashValue {
            let (lower, upper) = Tree::hash(number);
            MetadataHashValue { lower, upper }
        }

        /// The times that a guest sets; `None` for one that it leaves. There is none before 1970.
        fn times(
            accessed: NewTimestamp,
            modified: NewTimestamp,
            now: Duration,
        ) -> Result<[Option<Duration>; 2], Fault> {
            let time = |new| match new {
                NewTimestamp::NoChange => Ok(None),
                NewTimestamp::Now => Ok(Some(now)),
                NewTimestamp::Timestamp($Time { seconds, nanoseconds }) => {
                    let seconds = seconds.try_into().map_err(|_| Fault::Invalid)?;
                    let nanoseconds = Duration::from_nanos(nanoseconds.into());
                    let time = Duration::from_secs(seconds).checked_add(nanoseconds);
                    time.map(Some).ok_or(Fault::Invalid)
                }
            };
            Ok([time(accessed)?, time(modified)?])
        }

        impl From<Stat> for DescriptorStat {
            fn from(stat: Stat) -> Self {
                let time = |time: Duration| {
                    let seconds = time.as_secs().try_into().unwrap_or(i64::MAX as _);
                    Some($Time { seconds, nanoseconds: time.subsec_nanos() })
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

        impl From<Fault> for $Error {
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
    };
}
