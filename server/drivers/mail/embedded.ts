import { randomUUID } from "node:crypto"
import { link, mkdir, rm, writeFile } from "node:fs/promises"
import path from "node:path"
import type { Clock } from "@/server/kernel/clock"
import { AppError } from "@/server/kernel/errors"
import type { Mail, Mailer } from "./port"

/** Mails as files, for where no SMTP server is set: `<dir>/<id>.eml`, which any mail program opens. */
export class FileMailer implements Mailer {
  /** @param dir is made when it is missing. */
  constructor(
    private readonly dir: string,
    private readonly clock: Clock,
  ) {}

  async send(mail: Mail): Promise<void> {
    const file = path.join(this.dir, `${path.basename(mail.id)}.eml`)
    const draft = `${file}.${randomUUID()}.tmp`
    try {
      await mkdir(this.dir, { recursive: true, mode: 0o700 })
      await writeFile(draft, messageText(mail, this.clock.now()), { mode: 0o600 })
      // A link, unlike a rename, leaves the mail that is there already.
      await link(draft, file).catch(ignoreExisting)
    } catch (cause) {
      throw new AppError("unavailable", `The mail could not be written to ${this.dir}.`, { cause })
    } finally {
      await rm(draft, { force: true }).catch(() => undefined)
    }
  }
}

/** The message as RFC 5322 wants it: CRLF, encoded words where a header is not ASCII, UTF-8 in the body. */
export function messageText(mail: Mail, at: Date): string {
  const headers = [
    "From: Phial <no-reply@phial.localhost>",
    `To: ${oneLine(mail.to)}`,
    `Subject: ${encodedWord(oneLine(mail.subject))}`,
    `Date: ${at.toUTCString().replace("GMT", "+0000")}`,
    `Message-ID: <${oneLine(mail.id)}@phial.localhost>`,
    "MIME-Version: 1.0",
    "Content-Type: text/plain; charset=utf-8",
    "Content-Transfer-Encoding: 8bit",
  ]
  return [...headers, "", ...mail.text.split(/\r?\n/)].join("\r\n")
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== "EEXIST") throw error
}

/** What is given must not start a header of its own. */
function oneLine(text: string): string {
  return text.replace(/[\r\n\0]+/g, " ")
}

/** RFC 2047. */
function encodedWord(text: string): string {
  return /^[\x20-\x7e]*$/.test(text) ? text : `=?utf-8?B?${Buffer.from(text).toString("base64")}?=`
}
