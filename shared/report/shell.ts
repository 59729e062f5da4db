import { type ComponentChildren, h } from 'preact';
import { renderToString } from 'preact-render-to-string';

/**
 * The style of all pages. Colours have a contrast of 4.5 to 1 on both backgrounds, light and dark. `good`, `bad` and
 * `warn` always go with a word or a mark, because colour alone is not enough. On a phone, class `stacked` turns each row
 * of a table into a block, its cells labelled by `data-label`. Class `numeric` aligns digits.
 */
const baseStyle = `
  :root {
    color-scheme: light dark;
    --ground: #fff; --raised: #f5f6f8; --line: #d5d9df; --text: #1a1d21; --muted: #59616b;
    --good: #0b6530; --bad: #b3122a; --warn: #7a4d00; --link: #0a53b0; --bar: #5b7fb5; --bar-quiet: #aab7ca;
  }
  @media (prefers-color-scheme: dark) {
    :root {
      --ground: #14171b; --raised: #1d2126; --line: #363c45; --text: #e4e7eb; --muted: #a0a8b3;
      --good: #62cc8a; --bad: #ff8b8b; --warn: #e5b454; --link: #86b7fa; --bar: #7fa3da; --bar-quiet: #4c5b72;
    }
  }
  * { box-sizing: border-box }
  html { -webkit-text-size-adjust: 100% }
  body {
    font: 0.9375rem/1.5 system-ui, sans-serif; color: var(--text); background: var(--ground);
    max-width: 72rem; margin: 0 auto; padding: 2rem 1.5rem 3rem; overflow-wrap: anywhere;
  }
  h1, h2, h3 { line-height: 1.25; margin: 0; text-wrap: balance }
  h1 { font-size: 1.625rem; font-weight: 650; letter-spacing: -0.01em }
  h2 { font-size: 1.0625rem; font-weight: 650; margin: 2.5rem 0 0.625rem }
  h3 { font-size: 0.9375rem; font-weight: 600 }
  p, ul, ol, dl { margin: 0 0 0.75rem }
  p, li { max-width: 46rem }
  ul, ol { padding-left: 1.25rem }
  a { color: var(--link); text-underline-offset: 0.15em }
  :focus-visible { outline: 2px solid var(--link); outline-offset: 2px }
  code, .code { font-family: ui-monospace, Menlo, Consolas, monospace; font-size: 0.92em }
  .muted { color: var(--muted) }
  .good { color: var(--good) } .bad { color: var(--bad) } .warn { color: var(--warn) }
  .numeric { font-variant-numeric: tabular-nums }
  .unseen { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); white-space: nowrap }

  table { border-collapse: collapse; width: 100%; font-size: 0.875rem; line-height: 1.4 }
  caption { text-align: left; color: var(--muted); padding-bottom: 0.375rem }
  th, td { text-align: left; vertical-align: top; padding: 0.375rem 1rem 0.375rem 0; border-bottom: 1px solid var(--line) }
  th:last-child, td:last-child { padding-right: 0 }
  th { font-weight: 600 }
  thead th { color: var(--muted); font-weight: 500; font-size: 0.8125rem; white-space: nowrap }
  td.numeric, th.numeric { text-align: right; white-space: nowrap }

  @media screen and (max-width: 44rem) {
    body { padding: 1.25rem 1rem 2rem }
    h1 { font-size: 1.375rem }
    h2 { margin-top: 2rem }
    .stacked, .stacked caption, .stacked tbody, .stacked tr, .stacked th, .stacked td { display: block }
    .stacked thead { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%) }
    .stacked tr { border-bottom: 1px solid var(--line); padding: 0.5rem 0 }
    .stacked tbody th, .stacked td { border: 0; padding: 0.0625rem 0 }
    .stacked tbody th, .stacked td:not([data-label]) { display: inline; margin-right: 0.5rem }
    .stacked td[data-label] { display: grid; grid-template-columns: 6.5rem minmax(0, 1fr); gap: 0.75rem }
    .stacked td.numeric { text-align: left }
    /* The second form keeps the label from screen readers, which already say the column. */
    .stacked td[data-label]::before { content: attr(data-label); content: attr(data-label) / ""; color: var(--muted) }
    .stacked td:empty { display: none }
  }
  @media print {
    @page { size: A4; margin: 12mm }
    :root {
      color-scheme: light;
      --ground: #fff; --raised: #fff; --line: #c4c9d0; --text: #000; --muted: #444b54;
      --good: #0b6530; --bad: #b3122a; --warn: #7a4d00; --link: #000; --bar: #5b7fb5; --bar-quiet: #aab7ca;
    }
    body { font-size: 8.5pt; line-height: 1.35; padding: 0; max-width: none }
    h1 { font-size: 14pt } h2 { font-size: 10pt; margin: 3.5mm 0 1.2mm; break-after: avoid } h3 { font-size: 8.5pt }
    p, ul, ol, dl { margin-bottom: 1.5mm }
    p, li { max-width: none }
    table { font-size: 7.5pt; line-height: 1.25 }
    th, td { padding: 0.5mm 3mm 0.5mm 0 }
    thead th { font-size: 7.5pt }
    tr, svg { break-inside: avoid }
    nav, .screen-only { display: none }
  }
  @media not print { .print-only { display: none } }
`;

/**
 * One self-contained page that fetches nothing and runs nothing. Preact escapes its texts.
 * @param body landmarks: at least a `main` with the only `h1`
 * @param style CSS after the style of all pages
 */
export const renderPage = (title: string, body: ComponentChildren, style = ''): string => {
  const page = h('html', { lang: 'en' }, [
    h('head', null, [
      h('meta', { charset: 'utf-8' }),
      h('meta', { name: 'viewport', content: 'width=device-width, initial-scale=1' }),
      h('title', null, title),
      // The only markup that is not escaped: our own style.
      h('style', { dangerouslySetInnerHTML: { __html: `${baseStyle}${style}` } }),
    ]),
    h('body', null, body),
  ]);
  return `<!doctype html>${renderToString(page)}`;
};
