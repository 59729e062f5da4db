import { type ComponentChild, h } from 'preact';
import { type Badge, badgeOf, jobPageStyle, list, renderHead } from '../../report/job-page.ts';
import { longText, section, text } from '../../report/parts.ts';
import { renderPage } from '../../report/shell.ts';
import { reportStyle } from '../../report/style.ts';
import { formatNumber } from '../../result/format.ts';
import { countOf, listSome } from '../../words.ts';
import { type ClusterPosture, type PostureDocument, postureKey } from '../document.ts';
import { countAll, describeStanding, describeUnknown } from '../words.ts';
import { renderFindings } from './cluster.ts';
import { matrixStyle, renderMatrix, renderUnprinted } from './matrix.ts';
import { renderRules } from './rules.ts';

/** The worst clusters one by one; what was seen of the others is in posture.json. */
const maxDetailed = 200;
/** Paper holds only so many. */
const maxPrinted = 50;
/** A sentence names this many. */
const maxNamed = 10;
const maxLineLength = 1000;

/** The page of a run: one file that fetches nothing and runs nothing. It has no clock, for it may be read years later. */
export const renderPosture = (document: PostureDocument): string => {
  const { clusters, unreadable, region, checkedAt } = document;
  const badge = describeBadge(document);
  const detailed = clusters.slice(0, maxDetailed);
  const parts: Part[] = [
    ['rules', 'How many clusters fail what', renderRules(document)],
    [
      'fleet',
      'The fleet, the worst first',
      renderMatrix(clusters, (index) => (index < maxDetailed ? `#cluster-${index}` : null)),
    ],
    ...(unreadable.length === 0
      ? []
      : [['unlisted', 'Clusters that could not be read', renderUnlisted(document)] satisfies Part]),
    [
      'clusters',
      'Cluster by cluster',
      [
        describeRest(clusters.length),
        detailed.map(renderCluster),
        renderUnprinted(detailed.length, maxPrinted),
      ],
    ],
  ];
  return renderPage(
    `Posture of ${region}: ${badge.words}`,
    h('main', null, [
      renderHead({ plan: region, endedAt: checkedAt }, badge, describeStanding(document), parts),
      describeParts(document).map((line) => h('div', { class: 'line' }, longText(line, maxLineLength))),
      parts.map(([name, heading, content]) => section(name, heading, content)),
      h('footer', null, ['For machines: ', h('a', { href: `./${postureKey}` }, postureKey)]),
    ]),
    `${reportStyle}${jobPageStyle}${matrixStyle}${style}`,
  );
};

type Part = [name: string, heading: string, content: ComponentChild];

const describeBadge = (document: PostureDocument): Badge => {
  if (countAll(document, 'fail') > 0) return badgeOf('failed', 'Something fails');
  return describeUnknown(document) === null
    ? badgeOf('passed', 'Nothing fails')
    : { tone: 'warn', sign: '–', words: 'Not all is known' };
};

const describeParts = (document: PostureDocument): string[] => {
  const waived = countAll(document, 'waived');
  const { failedBefore = [] } = document;
  return [
    describeUnknown(document),
    waived === 0
      ? null
      : `Waived: ${countOf(waived, 'finding', formatNumber)}, each with its reason and its end.`,
    failedBefore.length === 0
      ? null
      : `${countOf(failedBefore.length, 'finding', formatNumber)} failed when last read, and cannot be read now: ${listSome(
          failedBefore.map(({ cluster, rule }) => `${rule} of ${cluster}`),
          maxNamed,
        )}.`,
  ].filter((line) => line !== null);
};

const renderUnlisted = ({ unreadable }: PostureDocument): ComponentChild =>
  list(unreadable.map(({ cluster, reason }) => `${cluster}: ${reason}`));

const describeRest = (all: number): ComponentChild =>
  all <= maxDetailed
    ? null
    : h(
        'p',
        null,
        `These are the ${maxDetailed} worst of ${formatNumber(all)} clusters. ${postureKey} has what was seen of all, and what mends it.`,
      );

const renderCluster = (posture: ClusterPosture, index: number): ComponentChild => {
  const { cluster, engine, plans } = posture;
  return h(
    'section',
    { class: index < maxPrinted ? 'cluster' : 'cluster screen-only', 'aria-labelledby': `cluster-${index}` },
    [
      h('h3', { id: `cluster-${index}` }, text(cluster)),
      h('p', { class: 'muted' }, [
        text(engine),
        plans.length === 0 ? ', no plan drills it' : [', plans: ', text(listSome(plans, maxNamed))],
      ]),
      renderFindings(posture),
    ],
  );
};

const style = `
  footer { margin-top: 2.5rem } .question { font-weight: 400 }
  .cluster { margin-bottom: 2rem } .cluster h3 { margin-bottom: 0.125rem } .cluster p { margin-bottom: 0.25rem }
  @media print { @page { size: A4 landscape } }
`;
