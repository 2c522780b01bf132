// `node setup/run.mjs <command>`: what every npm script calls. Plain JavaScript without a package, since nothing may be installed
// yet and this Node may be older than the one that the command needs. Must do no more than say so where even this cannot run.

const OLDEST = { major: 20, minor: 19 };
const { release, versions } = process;
const [major = 0, minor = 0] = versions.node.split('.').map(Number);

if (release.name !== 'node' || 'bun' in versions || 'deno' in versions) {
  process.stderr.write('This needs Node.js: start it with npm (npm start, npm test).\n');
  process.exitCode = 1;
} else if (major < OLDEST.major || (major === OLDEST.major && minor < OLDEST.minor)) {
  process.stderr.write(
    `This needs Node.js ${OLDEST.major}.${OLDEST.minor} or newer; this is ${versions.node}.\n`,
  );
  process.exitCode = 1;
} else {
  const { main } = await import('./main.mjs');
  process.exitCode = await main(process.argv.slice(2));
}
