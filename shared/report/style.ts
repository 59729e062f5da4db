/** The style of a drill report. The last block fits any report on two pages of A4. */
export const reportStyle = `
  header { margin-bottom: 1.25rem }
  header p { margin-bottom: 0.375rem }
  h1 + p { margin-top: 0.75rem }
  nav ul { display: flex; flex-wrap: wrap; gap: 0.25rem 1.25rem; list-style: none; padding: 0; margin: 1.25rem 0 0; font-size: 0.875rem }
  .badge { font-weight: 650 }
  .badge .muted { font-weight: 400 }
  .small { font-size: 0.8125rem }
  .figure { font-size: 1.25rem; font-weight: 650; font-variant-numeric: tabular-nums }
  .next { border-left: 3px solid var(--bad); padding: 0.125rem 0 0.125rem 1rem; margin-top: 1.5rem }
  .next h2 { margin-top: 0 } .next h3 { margin: 0.75rem 0 0.25rem } .next > :last-child { margin-bottom: 0 }
  .line { max-width: 46rem; margin-bottom: 0.5rem }
  .verdict { font-weight: 600; white-space: nowrap } .verdict.good { font-weight: 400 }
  table:not(.fixed) time, .whole-line { white-space: nowrap }

  .fixed { table-layout: fixed }
  .phases { overflow-wrap: normal } .purpose { font-weight: 400; margin-left: 0.5rem }

  .pair { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(18rem, 100%), 1fr)); gap: 1.5rem 3rem }
  .pair p { margin-bottom: 0.25rem }
  .facts { display: grid; grid-template-columns: 8rem minmax(0, 1fr); gap: 0.25rem 1rem }
  .facts dt { color: var(--muted) } .facts dd { margin: 0 }

  pre { white-space: pre-wrap; overflow-wrap: anywhere; margin: 0.25rem 0 0.75rem; font-size: 0.8125rem }
  td pre { margin-top: 0; margin-bottom: 0.25rem } .reasons { margin-top: 0.5rem }

  details summary { cursor: pointer; list-style-position: outside; margin-left: 1em }
  td details summary { text-align: left }
  .whole { white-space: pre-wrap; border-left: 2px solid var(--line); padding-left: 0.75rem; margin: 0.375rem 0; text-align: left }

  svg { display: block; overflow: visible }
  svg text { font: 0.8125rem system-ui, sans-serif; fill: var(--text); font-variant-numeric: tabular-nums }
  svg .label { fill: var(--muted) }
  svg .grid { stroke: var(--line) } svg .track { fill: var(--line) } svg .bar { fill: var(--bar) } svg .failed { fill: var(--bad) }
  svg .mark { stroke: var(--text); stroke-width: 2 }
  .objective { margin: 0.375rem 0 }
  .timeline { padding: 0.25rem 5rem 0 9.5rem; margin-bottom: 1.25rem }

  @media screen and (max-width: 44rem) {
    .timeline { padding-left: 8.25rem; padding-right: 4.75rem }
    svg text { font-size: 0.75rem }
    .phases { font-size: 0.8125rem } .phases thead th { white-space: normal } .phases th, .phases td { padding-right: 0.625rem } .purpose.muted { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden } .purpose.bad { display: block; margin: 0 }
  }
  @media print {
    header { margin-bottom: 2mm } .figure { font-size: 10.5pt } .small { font-size: 7.5pt }
    .next { margin-top: 2mm; padding: 0 0 0 3mm } .next h3 { margin: 1mm 0 0.5mm } .line { max-width: none; margin-bottom: 1mm }
    .pair { grid-template-columns: 1fr 1fr; gap: 6mm } .pair p { margin-bottom: 0.5mm }
    .timeline { padding: 0 21mm 0 34mm; margin-bottom: 1mm } svg text { font-size: 7.5pt }
    .facts { grid-template-columns: 24mm minmax(0, 1fr) 24mm minmax(0, 1fr); gap: 0.2mm 3mm }
    h1, .clip { display: -webkit-box; -webkit-box-orient: vertical; overflow: hidden }
    h1 { -webkit-line-clamp: 3; max-height: 3.8em }
    .clip { -webkit-line-clamp: 2; max-height: 2.7em }
    details summary { list-style: none; margin: 0 } .whole { display: none }
    #timeline ~ table { display: none }
  }
`;
