# One image for every role: the command says which (serve, worker, migrate, keys …).
FROM node:24-alpine AS dependencies
WORKDIR /app
COPY package.json package-lock.json ./
RUN npm ci --omit=dev --ignore-scripts --no-audit --no-fund

FROM node:24-alpine
ENV NODE_ENV=production WEIR_HOST=0.0.0.0 WEIR_DATA_DIR=/data
WORKDIR /app
COPY --from=dependencies /app/node_modules ./node_modules
COPY package.json LICENSE ./
COPY migrations ./migrations
COPY src ./src
# Only of use without DATABASE_URL, when it holds the embedded database.
RUN mkdir /data && chown node:node /data
VOLUME /data
USER node
EXPOSE 4000
# A worker is asked on the port of its metrics: it has no other.
HEALTHCHECK --interval=10s --timeout=5s --start-period=30s --retries=3 CMD ["node", "-e", "const { WEIR_METRICS_PORT, WEIR_PORT } = process.env; fetch(`http://127.0.0.1:${WEIR_METRICS_PORT || WEIR_PORT || 4000}/readyz`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
# Both options are about memory: docs/operations.md tells what they do.
ENTRYPOINT ["node", "--max-semi-space-size=16", "--no-allocation-site-pretenuring", "src/main.ts"]
CMD ["serve"]
