// Calls a module's handler once, as its schedule does, and prints the time and the most memory it had.
const { handler } = await import(process.argv[2]);
const began = performance.now();
await handler({ source: 'aws.scheduler', 'detail-type': 'Scheduled Event' }, {});
const seconds = (performance.now() - began) / 1000;
console.log(JSON.stringify({ seconds, maxRssMb: process.resourceUsage().maxRSS / 1024 }));
