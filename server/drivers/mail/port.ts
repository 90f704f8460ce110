export interface Mail {
  /** Also the message's id: sending the same twice makes one mail. */
  id: string
  to: string
  subject: string
  text: string
}

/** Embedded: files in `PHIAL_HOME/mail`. */
export interface Mailer {
  /** @throws AppError `unavailable` when it should be tried again. */
  send(mail: Mail): Promise<void>
}
