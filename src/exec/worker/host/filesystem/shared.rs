//! Macros for what `wasi:filesystem` 0.2 and 0.3 have in common. The bindings of each version have types of their own,
//! most under the same names; a module that uses these macros imports those of its version.

/// Invokes the macro `$define` with the functions of a descriptor that use no stream, no other descriptor and no new
/// handle. Each has a name, parameters, the type of its result, and a body: a `Result` of that type, with a `Fault` as
/// error. The body uses the descriptor's `Open` as `open`.
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
            // The scratch directory holds no links: none can be read, and none created.
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

/// Defines the conversions between the scratch directory's types and those of the bindings. `$Time` and `$Error` are
/// the types of times and of errors, whose names differ between the versions.
macro_rules! conversions {
    ($Time:ident, $Error:ident) => {
        fn type_of(is_directory: bool) -> DescriptorType {
            match is_directory {
                true => DescriptorType::Directory,
                false => DescriptorType::RegularFile,
            }
        }

        /// The flags of a descriptor; `access` is `None` for a directory.
        fn flags(access: Option<Access>) -> DescriptorFlags {
            let Some(Access { read, write }) = access else {
                return DescriptorFlags::READ | DescriptorFlags::MUTATE_DIRECTORY;
            };
            let reads = if read { DescriptorFlags::READ } else { DescriptorFlags::empty() };
            if write { reads | DescriptorFlags::WRITE } else { reads }
        }

        /// How `open-at` opens a descriptor with these flags.
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

        /// The hash of the file or directory with this number.
        fn hash(number: u64) -> MetadataHashValue {
            let (lower, upper) = Tree::hash(number);
            MetadataHashValue { lower, upper }
        }

        /// The times to set, of access and of modification, since 1970; `None` for one that is kept.
        ///
        /// # Errors
        /// If one is before 1970 or too large for a `Duration`.
        fn times(
            accessed: NewTimestamp,
            modified: NewTimestamp,
            now: Duration,
        ) -> Result<[Option<Duration>; 2], Fault> {
            let to_set = |timestamp| match timestamp {
                NewTimestamp::NoChange => Ok(None),
                NewTimestamp::Now => Ok(Some(now)),
                NewTimestamp::Timestamp($Time { seconds, nanoseconds }) => {
                    let seconds = seconds.try_into().map_err(|_| Fault::Invalid)?;
                    let nanoseconds = Duration::from_nanos(nanoseconds.into());
                    let time = Duration::from_secs(seconds).checked_add(nanoseconds);
                    time.map(Some).ok_or(Fault::Invalid)
                }
            };
            Ok([to_set(accessed)?, to_set(modified)?])
        }

        impl From<Stat> for DescriptorStat {
            fn from(stat: Stat) -> Self {
                let timestamp = |time: Duration| {
                    // A `u64` in 0.2, an `i64` in 0.3.
                    let seconds = time.as_secs().try_into().unwrap_or(i64::MAX as _);
                    Some($Time { seconds, nanoseconds: time.subsec_nanos() })
                };
                DescriptorStat {
                    type_: type_of(stat.is_directory),
                    link_count: stat.links,
                    size: stat.size,
                    data_access_timestamp: timestamp(stat.times.accessed),
                    data_modification_timestamp: timestamp(stat.times.modified),
                    status_change_timestamp: timestamp(stat.times.changed),
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
