import type { Metadata } from './service-yaml.ts';
import { compact } from './reading.ts';
import { annotation } from './yaml-remarks.ts';

/** Fields of the Admin API that change nothing here, so that a client finds them where it expects them. */
export function serviceFields(metadata: Metadata): object {
  return compact({
    ingress: word(annotation(metadata, 'ingress'), ingresses),
    launchStage: annotation(metadata, 'launch-stage'),
    description: annotation(metadata, 'description'),
    client: annotation(metadata, 'client-name'),
    clientVersion: annotation(metadata, 'client-version'),
    customAudiences: json(annotation(metadata, 'custom-audiences')),
    defaultUriDisabled: flag(annotation(metadata, 'default-url-disabled')),
    invokerIamDisabled: flag(annotation(metadata, 'invoker-iam-disabled')),
  });
}

/** The same of a revision. */
export function templateFields(metadata: Metadata): object {
  const vpcAccess = compact({
    connector: annotation(metadata, 'vpc-access-connector'),
    egress: word(annotation(metadata, 'vpc-access-egress'), egresses),
    networkInterfaces: json(annotation(metadata, 'network-interfaces')),
  });
  return compact({
    executionEnvironment: word(annotation(metadata, 'execution-environment'), environments),
    encryptionKey: annotation(metadata, 'encryption-key'),
    vpcAccess: Object.keys(vpcAccess).length > 0 ? vpcAccess : undefined,
  });
}

const ingresses: Readonly<Record<string, string>> = {
  all: 'INGRESS_TRAFFIC_ALL',
  internal: 'INGRESS_TRAFFIC_INTERNAL_ONLY',
  'internal-and-cloud-load-balancing': 'INGRESS_TRAFFIC_INTERNAL_LOAD_BALANCER',
};

const egresses: Readonly<Record<string, string>> = {
  'all-traffic': 'ALL_TRAFFIC',
  all: 'ALL_TRAFFIC',
  'private-ranges-only': 'PRIVATE_RANGES_ONLY',
};

const environments: Readonly<Record<string, string>> = {
  gen1: 'EXECUTION_ENVIRONMENT_GEN1',
  gen2: 'EXECUTION_ENVIRONMENT_GEN2',
};

function word(given: string | undefined, known: Readonly<Record<string, string>>): string | undefined {
  return given !== undefined && Object.hasOwn(known, given) ? known[given] : undefined;
}

function flag(given: string | undefined): boolean | undefined {
  return given === 'true' ? true : undefined;
}

function json(given: string | undefined): unknown {
  try {
    return given === undefined ? undefined : (JSON.parse(given) as unknown);
  } catch {
    return undefined;
  }
}
