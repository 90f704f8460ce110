import { existsSync } from "node:fs"
import { chown, mkdir, open, rm, rmdir, stat } from "node:fs/promises"
import path from "node:path"
import { exec, tryExec } from "./exec"

/** One writable file system with a size of its own: a sparse image behind a loop device. */
export interface Disk {
  image: string
  mount: string
}

/**
 * Makes the disk if it is missing and mounts it, its root owned by `uid`. Repeatable.
 * @param keeps whether its content must survive a machine that stops: a journal costs writes that a replica's disk need not pay.
 * @returns whether the size is enforced: without loop devices it is a plain folder.
 */
export async function mountDisk(disk: Disk, order: { bytes: number; uid: number; keeps: boolean }): Promise<boolean> {
  await mkdir(disk.mount, { recursive: true })
  if (await isMounted(disk.mount)) return true
  if (!existsSync(disk.image)) await makeImage(disk.image, order)
  if (!(await mountImage(disk))) {
    // A file system that does not mount any more is a cache lost, not a reason to refuse all builds.
    await rm(disk.image, { force: true })
    await makeImage(disk.image, order)
    if (!(await mountImage(disk))) {
      await rm(disk.image, { force: true })
      await chown(disk.mount, order.uid, order.uid)
      return false
    }
  }
  await rmdir(path.join(disk.mount, "lost+found")).catch(() => undefined)
  return true
}

/** Unmounts and, with `forget`, removes the disk. Repeatable. */
export async function unmountDisk(disk: Disk, options: { forget: boolean }): Promise<void> {
  if ((await isMounted(disk.mount)) && !(await tryExec("umount", [disk.mount]))) await tryExec("umount", ["-l", disk.mount])
  if (!options.forget) return
  if (await isMounted(disk.mount)) throw new Error(`${disk.mount} is still mounted`)
  await rm(disk.image, { force: true })
  await rm(disk.mount, { recursive: true, force: true })
}

/** Whether disks with a size can be made here: tried with a small one. */
export async function canMountDisks(dir: string): Promise<boolean> {
  const disk = { image: path.join(dir, "trial.img"), mount: path.join(dir, "trial.mount") }
  try {
    return await mountDisk(disk, { bytes: 4_000_000, uid: 0, keeps: false })
  } catch {
    return false
  } finally {
    await unmountDisk(disk, { forget: true })
  }
}

async function makeImage(image: string, order: { bytes: number; uid: number; keeps: boolean }): Promise<void> {
  const file = await open(image, "w", 0o600)
  await file.truncate(order.bytes)
  await file.close()
  const features = order.keeps ? [] : ["-O", "^has_journal"]
  const lazily = `lazy_itable_init=1,lazy_journal_init=1,nodiscard,root_owner=${order.uid}:${order.uid}`
  await exec("mkfs.ext4", ["-q", "-F", "-m", "0", "-E", lazily, ...features, image])
}

/** `discard` gives what an app deletes back to the machine's disk. */
function mountImage(disk: Disk): Promise<boolean> {
  return tryExec("mount", ["-t", "ext4", "-o", "loop,nosuid,nodev,noatime,discard", disk.image, disk.mount])
}

async function isMounted(dir: string): Promise<boolean> {
  const [own, parent] = await Promise.all([stat(dir).catch(() => null), stat(path.dirname(dir)).catch(() => null)])
  return own !== null && parent !== null && own.dev !== parent.dev
}
