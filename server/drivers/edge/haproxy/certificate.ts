import { execFile } from "node:child_process"
import { existsSync, readFileSync, rmSync } from "node:fs"
import { promisify } from "node:util"
import { writeWhole } from "./state"

const DAYS = "3650"

/** Makes the certificate for the apps' own addresses once, signed by itself, so that HTTPS answers before there is a real one. */
export async function ensureCertificate(file: string, appsDomain: string): Promise<void> {
  if (existsSync(file)) return
  const [key, certificate] = [`${file}.key`, `${file}.crt`]
  await promisify(execFile)("openssl", [
    ...["req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes", "-days", DAYS],
    ...["-subj", "/O=Phial/CN=Phial apps", "-addext", `subjectAltName=DNS:*.${appsDomain},DNS:${appsDomain}`],
    ...["-keyout", key, "-out", certificate],
  ])
  writeWhole(file, readFileSync(certificate, "utf8") + readFileSync(key, "utf8"), { mode: 0o600, isDurable: true })
  for (const part of [key, certificate]) rmSync(part)
}
