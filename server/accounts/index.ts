/** People and how they show who they are. Forms take the pure `./schema` instead of this door. */
export { addSshKey } from "./add-ssh-key"
export { authenticateBasic } from "./basic"
export { changePassword } from "./change-password"
export { createApiKey } from "./create-api-key"
export { revokeOtherSessions, revokeSession, signOut } from "./end-sessions"
export { makeLoginKey } from "./login-key"
export { queueMail, sendQueuedMails } from "./mail"
export {
  type ApiKeyView,
  apiKeysOf,
  apiUser,
  isSetUp,
  type SshKeyView,
  sessionsOf,
  sshKeysOf,
} from "./queries"
export { regenerateApiKey } from "./regenerate-api-key"
export { removeSshKey } from "./remove-ssh-key"
export { revokeApiKey } from "./revoke-api-key"
export {
  type Person,
  SECURE_SESSION_COOKIE,
  SESSION_COOKIE,
  sessionFromCookies,
  sessionFromToken,
} from "./session"
export { setUpOperator } from "./set-up"
export { signIn } from "./sign-in"
export { confirmSignUp, signUp } from "./sign-up"
export { signUpStep } from "./sign-up-step"
export type { StartedSession } from "./start-session"
export { sweepAccounts } from "./sweep"
