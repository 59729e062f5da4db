/**
 * The actions of a statement, each as a statement of its own: ALTER TABLE may have several, with commas between them. A
 * name in an action may be any word, so it is `x` from the second one on.
 * @param shape of the statement (`shapeOf`)
 */
export const listActions = (shape: string): string[] => {
  if (!shape.startsWith('alter table ')) return [shape];
  const actions = [''];
  let depth = 0;
  for (const word of shape.split(' ')) {
    if (word === '(') depth++;
    if (word === ')') depth--;
    if (word === ',' && depth === 0) actions.push('alter table x');
    else actions[actions.length - 1] = `${actions.at(-1)} ${word}`.trim();
  }
  return actions;
};
