// Adds up the reports of Surefire, Vitest and Playwright, and prints the sum as the last line.
// Usage: node scripts/count-tests.mjs FOLDER   (with the reports of Vitest and Playwright in it)
import { readFileSync, readdirSync, existsSync } from 'node:fs';
import { join } from 'node:path';

const sum = { passed: 0, failed: 0, skipped: 0 };

function addSurefire(module) {
  const folder = join(module, 'target', 'surefire-reports');
  if (!existsSync(folder)) return;
  for (const file of readdirSync(folder)) {
    if (!/^TEST-.*\.xml$/.test(file)) continue;
    const [head] = /<testsuite [^>]*>/.exec(readFileSync(join(folder, file), 'utf8')) ?? [''];
    const count = (name) => Number(new RegExp(`\\s${name}="(\\d+)"`).exec(head)?.[1] ?? 0);
    const failed = count('failures') + count('errors');
    sum.failed += failed;
    sum.skipped += count('skipped');
    sum.passed += count('tests') - failed - count('skipped');
  }
}

function addVitest(report) {
  sum.passed += report.numPassedTests;
  sum.failed += report.numFailedTests;
  sum.skipped += report.numPendingTests + report.numTodoTests;
}

function addPlaywright({ stats }) {
  sum.passed += stats.expected + stats.flaky;
  sum.failed += stats.unexpected;
  sum.skipped += stats.skipped;
}

for (const entry of readdirSync('.', { withFileTypes: true })) {
  if (entry.isDirectory() && existsSync(join(entry.name, 'pom.xml'))) addSurefire(entry.name);
}
const [folder] = process.argv.slice(2);
for (const file of readdirSync(folder).filter((name) => name.endsWith('.json'))) {
  const report = JSON.parse(readFileSync(join(folder, file), 'utf8'));
  if (file.startsWith('vitest')) addVitest(report);
  if (file.startsWith('playwright')) addPlaywright(report);
}

const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;
