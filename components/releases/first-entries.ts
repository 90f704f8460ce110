/** As many as the server renders first; apart, since a page of the server cannot read values of a client module. */
export const FIRST_ENTRIES = 30
