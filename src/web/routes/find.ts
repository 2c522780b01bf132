// What is looked for, and one deployment: as pages, and the deployment as JSON.

import { deploymentPageJson } from '../formats/json.ts';
import { deletedMessage, deploymentPage } from '../html/deployment.ts';
import { findPage } from '../html/find.ts';
import { type ViewDeploymentPage, viewDeploymentPage, viewFound } from '../model/deployment.ts';
import { isUnderWay } from '../model/project.ts';
import { nameOfFile, readName, readPage, readText } from '../query.ts';
import { frameData, isKnown, respondJson, respondMessage, respondPage, respondStarting } from '../respond.ts';
import type { Ask } from '../site.ts';
import { missing, NOTHING } from './missing.ts';

/** `/find?q=` */
export async function find(c: Ask): Promise<Response> {
  const text = readText(c.req.query('q'));
  if (text === null) {
    frameData(c, await c.env.keeper().overview(NOTHING));
    return respondPage(c, findPage(c.var.frame, c.req.query('q') ?? '', null), false);
  }
  const data = await c.env.keeper().find(text.toLowerCase(), readPage(c.req.query('page')));
  frameData(c, data);
  if (c.var.frame.checkedAt === null) return respondStarting(c);
  return respondPage(c, findPage(c.var.frame, text, viewFound(data, c.var.frame.now)), false);
}

async function askDeployment(
  c: Ask,
  id: string | undefined,
  withLog: boolean,
): Promise<ViewDeploymentPage | null> {
  const [name, known] = [readName(c.req.param('name')), readName(id)];
  const data = name === null || known === null ? null : await c.env.keeper().deployment(name, known, withLog);
  if (data === null) return null;
  frameData(c, data);
  return viewDeploymentPage(data, c.var.frame.now);
}

/** `/projects/:name/deployments/:id`; 410 once it was deleted, with when and why. */
export async function deployment(c: Ask): Promise<Response> {
  const view = await askDeployment(c, c.req.param('id'), isKnown(c) && c.env.buildLogs);
  if (view === null) return missing(c);
  const { deployment: shown } = view;
  if (shown === null) return respondMessage(c, deletedMessage(view, c.var.frame), 410);
  return respondPage(c, deploymentPage(c.var.frame, view, shown), isUnderWay(shown.status));
}

/** `/projects/:name/deployments/:id.json` */
export async function deploymentJson(c: Ask): Promise<Response> {
  const view = await askDeployment(c, nameOfFile(c.req.param('file')), false);
  if (view === null) return missing(c);
  return view.deployment === null
    ? respondMessage(c, deletedMessage(view, c.var.frame), 410)
    : respondJson(c, deploymentPageJson(view.deployment));
}
