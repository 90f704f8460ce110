import type { ReactNode } from "react"
import { cn } from "./cn"

export interface Column<Row> {
  key: string
  header: string
  cell: (row: Row) => ReactNode
  align?: "end"
  /** On a phone: the line's headline, a labelled line (the default), or left out. */
  phone?: "title" | "line" | "hidden"
  className?: string
}

/** A table where there is room; on a phone a list of cards with each value beside its name. The roles stay those of a table. */
export function Table<Row>({
  label,
  columns,
  rows,
  rowKey,
  empty,
}: {
  label: string
  columns: Column<Row>[]
  rows: Row[]
  rowKey: (row: Row) => string | number
  empty?: ReactNode
}) {
  if (rows.length === 0 && empty) return empty
  return (
    // biome-ignore-start lint/a11y/noRedundantRoles: laid out as blocks on a phone, where browsers drop a table's own roles.
    <table role="table" aria-label={label} className="block w-full text-base sm:table">
      <thead role="rowgroup" className="sr-only sm:not-sr-only sm:table-header-group">
        <tr role="row">
          {columns.map((column) => (
            <th
              key={column.key}
              role="columnheader"
              scope="col"
              className={cn(
                "whitespace-nowrap border-line border-b px-3 py-2 text-left font-medium text-ink-3 text-sm first:pl-5 last:pr-5",
                column.align === "end" && "text-right",
              )}
            >
              {column.header}
            </th>
          ))}
        </tr>
      </thead>
      <tbody role="rowgroup" className="block divide-y divide-line sm:table-row-group">
        {rows.map((row) => (
          <tr key={rowKey(row)} role="row" className="block px-5 py-3 sm:table-row sm:hover:bg-canvas">
            {columns.map((column) => (
              <td
                key={column.key}
                role="cell"
                className={cn(
                  "items-center justify-between gap-4 py-1 sm:table-cell sm:px-3 sm:py-2.5 sm:first:pl-5 sm:last:pr-5",
                  column.phone === "title" ? "block font-medium sm:font-normal" : column.phone === "hidden" ? "hidden" : "flex",
                  column.align === "end" && "sm:text-right",
                  column.className,
                )}
              >
                {column.phone === "title" || column.phone === "hidden" || !column.header ? null : (
                  <span aria-hidden className="text-ink-3 text-sm sm:hidden">
                    {column.header}
                  </span>
                )}
                {column.cell(row)}
              </td>
            ))}
          </tr>
        ))}
      </tbody>
    </table>
    // biome-ignore-end lint/a11y/noRedundantRoles: as above.
  )
}
