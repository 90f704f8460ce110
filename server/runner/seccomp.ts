/** What no app needs and what opens the kernel wider: mounts, namespaces, other processes' memory, keys, modules, io_uring. */
const DENIED = [
  ..."mount umount2 pivot_root move_mount open_tree fsopen fsconfig fsmount fspick mount_setattr setns unshare".split(" "),
  ..."ptrace process_vm_readv process_vm_writev bpf perf_event_open keyctl add_key request_key userfaultfd".split(" "),
  ..."kexec_load kexec_file_load init_module finit_module delete_module reboot swapon swapoff syslog acct quotactl".split(" "),
  ..."iopl ioperm open_by_handle_at name_to_handle_at nfsservctl lookup_dcookie".split(" "),
  ..."io_uring_setup io_uring_enter io_uring_register".split(" "),
]

/** CLONE_NEWUSER, PID, NET, IPC, UTS, CGROUP, NS. One rule each: libseccomp cannot say "any bit of a mask". */
const NAMESPACE_FLAGS = [0x10000000, 0x20000000, 0x40000000, 0x08000000, 0x04000000, 0x02000000, 0x00020000]

const EPERM = 1
const ENOSYS = 38

const refuse = (names: string[], errno: number) => ({ names, action: "SCMP_ACT_ERRNO", errnoRet: errno })

/** The filter of every container, in the OCI's form. @param arch as Node names it. */
export function seccomp(arch: string) {
  return {
    defaultAction: "SCMP_ACT_ALLOW",
    architectures: arch === "arm64" ? ["SCMP_ARCH_AARCH64", "SCMP_ARCH_ARM"] : ["SCMP_ARCH_X86_64", "SCMP_ARCH_X86", "SCMP_ARCH_X32"],
    syscalls: [
      refuse(DENIED, EPERM),
      ...NAMESPACE_FLAGS.map((flag) => ({
        ...refuse(["clone"], EPERM),
        args: [{ index: 0, value: flag, valueTwo: flag, op: "SCMP_CMP_MASKED_EQ" }],
      })),
      // Its flags lie in memory, where no filter sees them; libc falls back to clone.
      refuse(["clone3"], ENOSYS),
    ],
  }
}
