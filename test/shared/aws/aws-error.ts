/** An error as the SDK's clients throw it. AWS tells its errors apart by their names. */
export const awsError = (name: string, facts: object = {}): Error =>
  Object.assign(new Error('said so'), { name, ...facts });
