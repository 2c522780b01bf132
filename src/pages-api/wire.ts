// From the wire to the model. Picks field by field: `env_vars` and analytics tokens in an API answer must never get past
// this file.

import { record } from '../object.ts';
import type { Deployment, Environment, Project, Source } from './model.ts';

// What may stand in a path: anything else would address something other than the one deployment or project meant.
const ID = /^[0-9a-zA-Z-]{8,64}$/;
// Of a UUID the letters' case says nothing: the same one in other letters is the same deployment.
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;
const CAPITAL = /[A-Z]/;
const PROJECT_NAME = /^[0-9a-zA-Z][0-9a-zA-Z_-]{0,99}$/;
const MAX_BRANCH = 1_000;
const MAX_TEXT = 200;

const text = (value: unknown, max = MAX_TEXT): string =>
  typeof value === 'string' ? value.slice(0, max) : '';

// Without white space and control characters; web/model/links.ts checks that it is a URL before it makes a link.
const HTTPS = /^https:\/\/[\x21-\x7e]{1,1990}$/;
const https = (value: unknown): string => (typeof value === 'string' && HTTPS.test(value) ? value : '');

function firstLine(value: string): string {
  const end = value.indexOf('\n');
  return end === -1 ? value : value.slice(0, end);
}

const texts = (value: unknown): string[] =>
  Array.isArray(value) ? value.filter((item) => typeof item === 'string' && item !== '').slice(0, 600) : [];

/** RFC 3339 to epoch milliseconds, `null` for anything else. The API's fractions vary in length: never compare as text. */
function time(value: unknown): number | null {
  if (typeof value !== 'string' || !/^\d{4}-\d\d-\d\dT/.test(value)) return null;
  const at = Date.parse(value);
  return Number.isFinite(at) && at > 0 ? at : null;
}

function branch(value: unknown): string {
  return typeof value === 'string' && value.length <= MAX_BRANCH ? value : '';
}

function idOf(value: unknown): string {
  if (typeof value !== 'string' || !ID.test(value)) return '';
  // Most have no such letter, and every row of every list comes by here.
  return CAPITAL.test(value) && UUID.test(value) ? value.toLowerCase() : value;
}

function environmentOf(value: unknown): Environment {
  return value === 'production' || value === 'preview' ? value : 'unknown';
}

// Absent is no: the API sends it with every deployment, and a skipped one says so by its stage as well.
function skippedOf(value: unknown): boolean | null {
  if (value === undefined || value === null) return false;
  return typeof value === 'boolean' ? value : null;
}

function pushedTo(trigger: unknown, source: Source | null): string {
  if (source === null || source.owner === '' || source.repo === '') return '';
  return trigger === `${source.type}:push` ? `${source.type}:${source.owner}/${source.repo}` : '';
}

/** Reads a deployment from the wire. Never throws: what cannot be read is left empty, and planning then keeps it. */
export function readDeployment(wire: unknown): Deployment {
  const row = record(wire);
  const stage = record(row.latest_stage);
  const trigger = record(row.deployment_trigger);
  const commit = record(trigger.metadata);
  return {
    id: idOf(row.id),
    environment: environmentOf(row.environment),
    branch: branch(commit.branch),
    createdAt: time(row.created_on),
    finishedAt: time(stage.ended_on),
    stage: text(stage.name, 40),
    stageStatus: text(stage.status, 40),
    skipped: skippedOf(row.is_skipped),
    skipReason: text(row.skip_reason, 60) || null,
    trigger: text(trigger.type, 40),
    pushedTo: pushedTo(trigger.type, readSource(row.source)),
    url: https(row.url),
    aliases: texts(row.aliases).map(https).filter(Boolean).slice(0, 20),
    commitHash: text(commit.commit_hash, 64),
    commitMessage: firstLine(text(commit.commit_message, 2_000)).slice(0, MAX_TEXT),
    commitDirty: commit.commit_dirty === true,
    recorded: null,
  };
}

const LOG_LINES = 100;
const MAX_LINE = 2_000;

/** The last lines of a log; `null`: that is none. A row without a line is an empty one. */
export function readLog(wire: unknown): string[] | null {
  const { data } = record(wire);
  return Array.isArray(data) ? data.slice(-LOG_LINES).map((row) => text(record(row).line, MAX_LINE)) : null;
}

function readSource(wire: unknown): Source | null {
  const source = record(wire);
  const config = record(source.config);
  if (typeof source.type !== 'string') return null;
  return { type: text(source.type, 40), owner: text(config.owner), repo: text(config.repo_name) };
}

function isBuiltOnPush(source: unknown): boolean {
  const config = record(record(source).config);
  return config.deployments_enabled !== false && config.production_deployments_enabled !== false;
}

/** Reads a project from the wire; `null` when it has no usable id or name, for then nothing can be done with it. */
export function readProject(wire: unknown): Project | null {
  const row = record(wire);
  const id = idOf(row.id);
  if (id === '') return null;
  if (typeof row.name !== 'string' || !PROJECT_NAME.test(row.name)) return null;
  const embedded = (value: unknown) => (value === null || value === undefined ? null : readDeployment(value));
  return {
    id,
    name: row.name,
    subdomain: text(row.subdomain),
    domains: texts(row.domains).map((domain) => domain.slice(0, MAX_TEXT)),
    productionBranch: branch(row.production_branch),
    source: readSource(row.source),
    builtOnPush: isBuiltOnPush(row.source),
    latest: embedded(row.latest_deployment),
    canonical: embedded(row.canonical_deployment),
  };
}
