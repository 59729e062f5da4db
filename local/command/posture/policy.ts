/** What the look at an account asks AWS. Its role needs no more, and without one of them the rules that need it say so. */
export const askedActions = [
  'rds:DescribeDBClusterParameters',
  'rds:DescribeDBClusterSnapshots',
  'rds:DescribeDBClusters',
  'rds:DescribeDBInstances',
] as const;

/** The least IAM policy, as JSON. Which clusters and parameter groups there are shows only in the answers, so it allows all. */
export const describePolicy = (): string =>
  JSON.stringify(
    {
      Version: '2012-10-17',
      Statement: [{ Sid: 'LookAtPosture', Effect: 'Allow', Action: askedActions, Resource: '*' }],
    },
    null,
    2,
  );
