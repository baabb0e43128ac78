const INTRODUCTION = `# Conformance with Score

<!-- Written by \`npm run bench:conformance\`; changes by hand are lost. -->

What an implementation of [Score](https://score.dev) has to do so that a workload reaches a Kubernetes cluster as its Score file says. The cases look at what a container gets: its variables, its files, its order of start; not at how objects are named. Every case that succeeds runs twice and has to print the same bytes, no object may be there twice, and a pod may have neither two volumes of one name nor two mounts at one path.

The suite is in \`bench/conformance\` and runs against any implementation that can be called as its README says.`;

const NOT_RUN = `## Other implementations

Not run: score-k8s and score-compose. Neither is published as a package that this project installs, so there are no results of theirs here, and nothing on this page says how they do. Cases marked with a number go back to a weakness that was read in the source or the documentation of the reference implementation; they say what is expected, not what it does today.`;

/** The page with the result of our own implementation. */
export function pageOf(results) {
  const passed = results.filter(({ wrong }) => wrong.length === 0).length;
  const sections = [...new Set(results.map(({ section }) => section))];
  const parts = sections.map(section => {
    const rows = results
      .filter(item => item.section === section)
      .map(({ title, defect, wrong }) => [
        wrong.length === 0 ? 'yes' : `**no**: ${wrong.join('; ')}`,
        title,
        defect === undefined ? '' : String(defect),
      ]);
    return `### ${section}\n\n${table(['ok', 'case', 'weakness'], rows)}`;
  });
  return `${[
    INTRODUCTION,
    `## innominatus\n\n${passed} of ${results.length} cases.`,
    ...parts,
    NOT_RUN,
  ].join('\n\n')}\n`;
}

/** A table as the formatter of the repository leaves it. */
function table(head, rows) {
  const escaped = [head, ...rows].map(row =>
    row.map(cell => cell.replaceAll('|', '\\|')),
  );
  const widths = head.map((_, i) =>
    Math.max(3, ...escaped.map(row => row[i].length)),
  );
  const line = row =>
    `| ${row.map((cell, i) => cell.padEnd(widths[i])).join(' | ')} |`;
  return [
    line(escaped[0]),
    `| ${widths.map(width => '-'.repeat(width)).join(' | ')} |`,
    ...escaped.slice(1).map(line),
  ].join('\n');
}
