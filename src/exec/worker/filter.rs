//! A filter of system calls: what a process that only computes does not need. The kernel refuses it to this process from
//! the moment on when the request was read, whatever the guest made of the engine.
//!
//! It names what is refused, not what is allowed: the libraries of systems differ in how they allocate and wait, and a
//! release of one must not break calls. `docs/decisions/0017-confinement.md` gives the reasons.

/// Refuses files, sockets, programs, processes, and what reaches other processes or changes the system, to this thread
/// and those that it starts. Neither can ever get it back, and no program gets privileges (`no_new_privs`).
///
/// # Errors
/// Why this system does not do that.
#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")
))]
pub(super) fn install() -> Result<(), String> {
    refused::install()
        .map_err(|error| format!("the kernel takes no filter of system calls: {error}"))
}

/// As on Linux, if this system had such a filter.
#[cfg(not(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")
)))]
pub(super) fn install() -> Result<(), String> {
    Err("secondcall filters system calls on Linux only, on x86-64, AArch64 and RISC-V".to_owned())
}

#[cfg(all(
    target_os = "linux",
    any(target_arch = "x86_64", target_arch = "aarch64", target_arch = "riscv64")
))]
mod refused {
    use std::collections::BTreeMap;

    use libc::{
        CLONE_THREAD, ENOSYS, EPERM, SYS_add_key, SYS_bpf, SYS_chdir, SYS_chroot, SYS_clone,
        SYS_clone3, SYS_execve, SYS_execveat, SYS_fanotify_init, SYS_fchdir, SYS_fchmodat,
        SYS_fchownat, SYS_finit_module, SYS_fsmount, SYS_fsopen, SYS_init_module,
        SYS_inotify_init1, SYS_io_uring_setup, SYS_kexec_load, SYS_keyctl, SYS_kill, SYS_linkat,
        SYS_lsetxattr, SYS_mkdirat, SYS_mknodat, SYS_mount, SYS_move_mount, SYS_msgget,
        SYS_open_by_handle_at, SYS_open_tree, SYS_openat, SYS_openat2, SYS_perf_event_open,
        SYS_pidfd_getfd, SYS_pidfd_open, SYS_pidfd_send_signal, SYS_pivot_root,
        SYS_process_vm_readv, SYS_process_vm_writev, SYS_ptrace, SYS_reboot, SYS_renameat2,
        SYS_request_key, SYS_rt_sigqueueinfo, SYS_rt_tgsigqueueinfo, SYS_semget, SYS_setns,
        SYS_setxattr, SYS_shmget, SYS_socket, SYS_socketpair, SYS_swapon, SYS_symlinkat,
        SYS_tgkill, SYS_tkill, SYS_truncate, SYS_umount2, SYS_unlinkat, SYS_unshare,
        SYS_userfaultfd, SYS_utimensat,
    };
    use seccompiler::{
        BpfProgram, Error, SeccompAction, SeccompCmpArgLen, SeccompCmpOp, SeccompCondition,
        SeccompFilter, SeccompRule, apply_filter,
    };

    /// Files, by any way to a descriptor of one, and changes of files by their path.
    const FILES: [i64; 18] = [
        SYS_openat,
        SYS_openat2,
        SYS_open_by_handle_at,
        SYS_unlinkat,
        SYS_renameat2,
        SYS_linkat,
        SYS_symlinkat,
        SYS_mkdirat,
        SYS_mknodat,
        SYS_fchmodat,
        SYS_fchownat,
        SYS_truncate,
        SYS_utimensat,
        SYS_setxattr,
        SYS_lsetxattr,
        SYS_chdir,
        SYS_fchdir,
        SYS_inotify_init1,
    ];
    /// Sockets, the network's among them, and what other processes are reached by. The ring does what it is asked to past
    /// every filter.
    const CHANNELS: [i64; 6] =
        [SYS_socket, SYS_socketpair, SYS_io_uring_setup, SYS_msgget, SYS_semget, SYS_shmget];
    /// Programs and other processes.
    const PROCESSES: [i64; 13] = [
        SYS_execve,
        SYS_execveat,
        SYS_ptrace,
        SYS_process_vm_readv,
        SYS_process_vm_writev,
        SYS_kill,
        SYS_tkill,
        SYS_rt_sigqueueinfo,
        SYS_rt_tgsigqueueinfo,
        SYS_pidfd_open,
        SYS_pidfd_getfd,
        SYS_pidfd_send_signal,
        SYS_setns,
    ];
    /// The system.
    const SYSTEM: [i64; 21] = [
        SYS_chroot,
        SYS_pivot_root,
        SYS_mount,
        SYS_umount2,
        SYS_move_mount,
        SYS_open_tree,
        SYS_fsopen,
        SYS_fsmount,
        SYS_unshare,
        SYS_bpf,
        SYS_perf_event_open,
        SYS_userfaultfd,
        SYS_fanotify_init,
        SYS_init_module,
        SYS_finit_module,
        SYS_kexec_load,
        SYS_reboot,
        SYS_swapon,
        SYS_add_key,
        SYS_request_key,
        SYS_keyctl,
    ];
    /// Calls that newer architectures never had.
    #[cfg(target_arch = "x86_64")]
    const OLD: [i64; 18] = [
        libc::SYS_open,
        libc::SYS_creat,
        libc::SYS_fork,
        libc::SYS_vfork,
        libc::SYS_unlink,
        libc::SYS_rename,
        libc::SYS_renameat,
        libc::SYS_link,
        libc::SYS_symlink,
        libc::SYS_mkdir,
        libc::SYS_rmdir,
        libc::SYS_mknod,
        libc::SYS_chmod,
        libc::SYS_chown,
        libc::SYS_lchown,
        libc::SYS_utime,
        libc::SYS_utimes,
        libc::SYS_inotify_init,
    ];
    #[cfg(not(target_arch = "x86_64"))]
    const OLD: [i64; 0] = [];

    /// The bit of the numbers of the other calling convention of x86-64 (`x32`, `asm/unistd.h`).
    #[cfg(target_arch = "x86_64")]
    const CONVENTIONS: [i64; 2] = [0, 0x4000_0000];
    #[cfg(not(target_arch = "x86_64"))]
    const CONVENTIONS: [i64; 1] = [0];

    pub(super) fn install() -> Result<(), Error> {
        // The flags of `clone3` are in memory, where no filter sees them. A caller that gets the error of a missing call uses `clone`.
        let missing = BTreeMap::from(CONVENTIONS.map(|bit| (SYS_clone3 | bit, Vec::new())));
        for (rules, error) in [(missing, ENOSYS), (rules()?, EPERM)] {
            let action = SeccompAction::Errno(error as u32);
            let architecture = std::env::consts::ARCH.try_into()?;
            let filter = SeccompFilter::new(rules, SeccompAction::Allow, action, architecture)?;
            let program: BpfProgram = filter.try_into()?;
            apply_filter(&program)?;
        }
        Ok(())
    }

    /// What is refused: calls without a condition always, others by their arguments.
    fn rules() -> Result<BTreeMap<i64, Vec<SeccompRule>>, Error> {
        let all = [&FILES[..], &CHANNELS, &PROCESSES, &SYSTEM, &OLD].concat();
        let mut rules: BTreeMap<_, _> = all.into_iter().map(|call| (call, Vec::new())).collect();
        let is = |argument, operator, value| {
            let length = SeccompCmpArgLen::Dword;
            SeccompRule::new(vec![SeccompCondition::new(argument, length, operator, value)?])
        };
        let threads = CLONE_THREAD as u64;
        rules.insert(SYS_clone, vec![is(0, SeccompCmpOp::MaskedEq(threads), 0)?]);
        // An abort is a signal to this process.
        let this = u64::from(std::process::id());
        rules.insert(SYS_tgkill, vec![is(0, SeccompCmpOp::Ne, this)?]);
        let each = rules.into_iter().flat_map(|(call, rules)| {
            CONVENTIONS.into_iter().map(move |bit| (call | bit, rules.clone()))
        });
        Ok(each.collect())
    }

    #[cfg(test)]
    mod tests {
        use std::fs::File;
        use std::net::{TcpStream, UdpSocket};
        use std::os::unix::net::UnixStream;
        use std::process::Command;
        use std::{fs, io, thread};

        /// In a thread of its own, because the filter stays as long as the thread.
        #[test]
        fn what_computing_does_not_need_is_refused() {
            let refused = |result: io::Result<()>| {
                let error = result.expect_err("it is refused");
                assert_eq!(error.kind(), io::ErrorKind::PermissionDenied, "{error}");
            };
            let folder = std::env::temp_dir();
            let test = move || {
                super::install().expect("this system has the filter");
                refused(File::open("/etc/passwd").map(drop));
                refused(File::create(folder.join("secondcall-filter")).map(drop));
                refused(fs::create_dir(folder.join("secondcall-filter")));
                refused(fs::remove_file(folder.join("secondcall-filter")));
                refused(fs::rename("/etc/passwd", folder.join("secondcall-filter")));
                refused(fs::read_dir("/").map(drop));
                refused(std::env::set_current_dir("/"));
                refused(TcpStream::connect("127.0.0.1:9").map(drop));
                refused(UdpSocket::bind("127.0.0.1:0").map(drop));
                refused(UnixStream::connect("/run/docker.sock").map(drop));
                refused(UnixStream::pair().map(drop));
                refused(Command::new("/bin/true").status().map(drop));
                let other = thread::spawn(|| File::open("/etc/passwd").map(drop));
                refused(other.join().expect("threads can be started"));
            };
            thread::spawn(test).join().expect("the filter refuses what it should");
            assert!(File::open("/etc/passwd").is_ok(), "another thread is not filtered");
        }
    }
}
