import { ContainerModule } from 'inversify';
import type Koa from 'koa';
import { Registry } from 'prom-client';
import { gatewayCaller } from '../adapters/http/caller.ts';
import { ConsumerMetrics } from '../adapters/http/consumer-metrics.ts';
import { type Api, createApi } from '../adapters/http/create-api.ts';
import { createConsumerPages } from '../adapters/http/create-consumer-pages.ts';
import { reconciliationMetrics } from '../adapters/http/reconciliation-metrics.ts';
import { CONSUMER } from './kafka.ts';
import { EDGE_LOG } from './node.ts';
import { TOKENS as T } from './tokens.ts';
import { provide, token } from './wiring.ts';

export const API = token<Api>('the API');
export const CONSUMER_PAGES = token<Koa>('the pages of the consumer');
const REGISTRY = token<Registry>('Registry of the consumer');
const METRICS = token<ConsumerMetrics>('ConsumerMetrics');
const ADMIN_TOKEN = token<string>('ADMIN_TOKEN');

/** The edge that users and operators see. */
export const api = (adminToken: string, mostInFlight: number): ContainerModule =>
  new ContainerModule((to) => {
    provide(to, ADMIN_TOKEN, [], () => adminToken);
    provide(to, T.mostInFlight, [], () => mostInFlight);
    provide(
      to,
      API,
      [
        ADMIN_TOKEN,
        EDGE_LOG,
        T.clock,
        T.scheduler,
        T.applyForCoupon,
        T.findApplication,
        T.listCoupons,
        T.showCampaign,
        T.openCampaign,
        T.changeCampaign,
        T.accountForCampaigns,
        T.rebuildCampaign,
        T.republishGrants,
        T.listFailedEvents,
        T.showFailedEvent,
        T.showReconciliation,
        T.reissueFailedEvents,
        T.voidFailedEvent,
        T.apiReadiness,
      ],
      (
        expectedToken,
        log,
        clock,
        scheduler,
        applyForCoupon,
        findApplication,
        listCoupons,
        showCampaign,
        openCampaign,
        changeCampaign,
        accountForCampaigns,
        rebuildCampaign,
        republishGrants,
        listFailedEvents,
        showFailedEvent,
        showReconciliation,
        reissueFailedEvents,
        voidFailedEvent,
        reportReadiness,
      ) =>
        createApi({
          adminToken: expectedToken,
          log,
          clock,
          scheduler,
          identifyCaller: gatewayCaller,
          applyForCoupon,
          findApplication,
          listCoupons,
          showCampaign,
          openCampaign,
          changeCampaign,
          accountForCampaigns,
          rebuildCampaign,
          republishGrants,
          listFailedEvents,
          showFailedEvent,
          showReconciliation,
          reissueFailedEvents,
          voidFailedEvent,
          reportReadiness,
          registry: new Registry(),
        }),
    );
  });

export const consumerPages: ContainerModule = new ContainerModule((to) => {
  provide(to, REGISTRY, [], () => new Registry());
  provide(
    to,
    METRICS,
    [REGISTRY, T.lead, T.eventLogProgress],
    (registry, lead, progress) => new ConsumerMetrics(registry, () => lead.leads, progress),
  );
  provide(to, T.handleEvents, [T.issueCoupons, METRICS], (issueCoupons, metrics) => async (events) => {
    metrics.count(await issueCoupons.execute(events));
  });
  provide(
    to,
    CONSUMER_PAGES,
    [EDGE_LOG, T.clock, T.consumerReadiness, REGISTRY, CONSUMER, T.lead, T.reconcileCampaigns],
    (log, clock, reportReadiness, registry, consumer, lead, reconcile) => {
      reconciliationMetrics(registry, () => (lead.leads ? reconcile.reports : []), clock);
      return createConsumerPages({ log, clock, reportReadiness, registry, isMember: () => consumer.isRunning() });
    },
  );
});
