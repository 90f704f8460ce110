import { expect, it } from "vitest"
import { formatDotenv, parseDotenv } from "./dotenv"

it("reads what people write into .env files", () => {
  const text = String.raw`
# a comment
PLAIN=value
export EXPORTED=yes
 SPACED = a value with blanks   # and a comment
EMPTY=
EMPTY_WITH_COMMENT= # nothing
COLOUR=#fff
URL=postgres://u:p@host/db?x=1#frag
SINGLE='as it is: $HOME \n'
DOUBLE="two\nlines, a \"quote\", a \\ and \$1" # end
JSON={"a": "b c"}
PEM="-----BEGIN-----
abc

def
-----END-----"
LATE=1
LATE=2`
  expect(parseDotenv(text)).toEqual({
    PLAIN: "value",
    EXPORTED: "yes",
    SPACED: "a value with blanks",
    EMPTY: "",
    EMPTY_WITH_COMMENT: "",
    COLOUR: "#fff",
    URL: "postgres://u:p@host/db?x=1#frag",
    SINGLE: "as it is: $HOME \\n",
    DOUBLE: 'two\nlines, a "quote", a \\ and $1',
    JSON: '{"a": "b c"}',
    PEM: "-----BEGIN-----\nabc\n\ndef\n-----END-----",
    LATE: "2",
  })
})

it("does not mind Windows' line ends, a byte order mark and a missing end of line", () => {
  expect(parseDotenv("\uFEFFA=1\r\nB='x\r\ny'\r\nC=3")).toEqual({ A: "1", B: "x\ny", C: "3" })
  expect(parseDotenv("")).toEqual({})
})

it("names the line that it cannot read", () => {
  const fieldsOf = (text: string) => {
    try {
      return parseDotenv(text)
    } catch (error) {
      return error
    }
  }
  expect(fieldsOf("A=1\njust words\n")).toMatchObject({ fields: { text: ["Line 2 is not of the form KEY=value."] } })
  expect(fieldsOf('A=1\n\nB="open\nC=2')).toMatchObject({ fields: { text: ['Line 3 opens a " that is never closed.'] } })
  expect(fieldsOf("A='x' y")).toMatchObject({ fields: { text: ["Line 1 goes on after its closing quote."] } })
})

it("reads back what it writes", () => {
  const values = { A: "plain", B: "two\nlines", C: `"'$x\\n`, D: " blanks ", E: "", F: "# no comment", G: "a\r\nb\tc", H: "ü" }
  expect(parseDotenv(formatDotenv(values))).toEqual(values)
})
