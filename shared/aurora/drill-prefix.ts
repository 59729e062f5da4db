/** Public: the name of everything that a job makes and tears down begins with this. Nothing without it is ever deleted. */
export const drillPrefix = 'drill-';
