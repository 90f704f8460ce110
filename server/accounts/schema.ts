import * as z from "zod"
import { PASSWORD_MIN } from "./limits"

/** What people give about themselves. Pure: the forms of the dashboard check with the same. */
/** argon2 takes any length; this only bounds the work. */
const PASSWORD_MAX = 200

const Email = z
  .string("Give an e-mail address.")
  .trim()
  .toLowerCase()
  .max(254, "This e-mail address is too long.")
  .pipe(z.email("This is not an e-mail address."))

const NewPassword = z
  .string("Give a password.")
  .min(PASSWORD_MIN, `Use at least ${PASSWORD_MIN} characters.`)
  .max(PASSWORD_MAX, `Use at most ${PASSWORD_MAX} characters.`)

/** Of an account that exists: whatever was allowed when it was made. */
const Password = z.string("Give your password.").min(1, "Give your password.").max(PASSWORD_MAX, "This is not your password.")

export const PASSWORD_IS_EMAIL = "The password must not be your e-mail address."

/** The rule that needs both: also checked where the e-mail is known from before. */
export function isPasswordOf(email: string, password: string): boolean {
  return password.trim().toLowerCase() === email
}

const EmailAndNewPassword = z
  .object({ email: Email, password: NewPassword })
  .refine((input) => !isPasswordOf(input.email, input.password), { path: ["password"], message: PASSWORD_IS_EMAIL })

export const SignUpInput = EmailAndNewPassword
export const SetUpInput = EmailAndNewPassword.safeExtend({ token: z.string("The set-up link is incomplete.").max(200) })

const SignUpId = z.uuid("This sign-up is unknown. Start again.")
const Code = z
  .string("Give the code from the mail.")
  .trim()
  .regex(/^\d{6}$/, "The code has six digits.")
export const ConfirmSignUpInput = z.object({ uuid: SignUpId, code: Code })

export const SignInInput = z.object({ email: Email, password: Password })
export const ChangePasswordInput = z.object({ currentPassword: Password, newPassword: NewPassword })
export const CurrentPasswordInput = z.object({ currentPassword: Password })

/** The API's sign-up, one request a step (gigalixir.md A.3). */
export const signUpSteps = {
  begin: z.object({ email: Email }),
  confirm: z.object({ uuid: SignUpId, confirmation_code: z.coerce.string().pipe(Code) }),
  password: z.object({ uuid: SignUpId, password: NewPassword }),
  tier: z.object({ uuid: SignUpId, tier: z.enum(["FREE", "STANDARD"], "The tier is FREE or STANDARD.") }),
}

export const CreateApiKeyInput = z.object({
  name: z.string("Give the key a name.").trim().min(1, "Give the key a name.").max(60, "Use at most 60 characters."),
  /** `null` or nothing: it does not expire. */
  expiresInDays: z.number().int().min(1, "At least a day.").max(3650, "Ten years at most.").nullish(),
})
export const ApiKeyIdInput = z.object({ id: z.uuid("There is no such key.") })

export const AddSshKeyInput = z.object({ sshKey: z.string("Paste a public key.").max(20_000, "This is too long for a public key.") })
/** The CLI sends the id as a string. */
export const SshKeyIdInput = z.object({ id: z.coerce.number("There is no such key.").int().min(1).max(2_147_483_647) })

export const SessionIdInput = z.object({ id: z.uuid("There is no such session.") })
export const NoInput = z.void()
