/** People and how they show who they are. */
export { authenticateBasic, basicCredentials, type Credentials } from "./basic"
export {
  type Person,
  SECURE_SESSION_COOKIE,
  SESSION_COOKIE,
  SESSION_DAYS,
  sessionFromCookies,
  sessionFromToken,
} from "./session"
