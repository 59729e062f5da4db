/** What the text says in place of a body that the server keeps from this user. Such a text has been compared with nothing. */
export const unreadText = '(this user may not read it)';

/** One select of a statement. The rest are expressions of SQL. */
export type Part = {
  kind: string;
  from: string;
  schema: string;
  object?: string;
  /** What follows the name. */
  suffix?: string;
  /** Texts of one name are joined in this order. */
  position?: string;
  /** Lines of the text by their titles. A value that is NULL has no line. */
  lines: Record<string, string>;
};

/** The views of MySQL's information_schema have columns of several collations, which may not meet in one expression. */
export const asText = (expression: string): string => `convert(${expression} using utf8mb4)`;

const selectPart = ({
  kind,
  from,
  schema,
  object = `''`,
  suffix = `''`,
  position = '0',
  lines,
}: Part): string =>
  `select '${kind}' as kind, ${asText(schema)} as \`schema\`, ${asText(object)} as object,
          ${suffix} as suffix, ${position} as position, concat_ws('\\n', ${Object.entries(lines)
            .map(([title, value]) => `concat('${title}: ', ${asText(value)})`)
            .join(', ')}) as text
     from ${from}`;

export const readable = (body: string): string => `ifnull(nullif(${asText(body)}, ''), '${unreadText}')`;

export const selectParts = (...parts: Part[]): string => parts.map(selectPart).join(' union all ');
