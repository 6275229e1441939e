# All of Threadkeep's images: docker build --target silo|api|sandbox|migrator .
# docker-compose.yml builds and joins them.

# --- The console ------------------------------------------------------------------------------------------------
FROM node:22-slim AS console
WORKDIR /src/Web
# The packages alone first: they change less often than the sources and are kept between builds.
COPY Web/package.json Web/package-lock.json Web/.npmrc ./
RUN npm ci --no-audit --no-fund
COPY Web/ ./
RUN npm run build

# --- The programs -----------------------------------------------------------------------------------------------
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
WORKDIR /src
COPY . .
RUN dotnet publish Postgres -c Release -o /out/migrator \
 && dotnet publish Silo -c Release -o /out/silo \
 && dotnet publish Api -c Release -o /out/api \
 && dotnet publish Sandbox -c Release -o /out/sandbox

# --- What all of them run on ------------------------------------------------------------------------------------
# The image's own user `app` (APP_UID) runs the program; it may write below /data only. HTTP is on port 8080.
FROM mcr.microsoft.com/dotnet/aspnet:10.0 AS runtime
COPY --chmod=755 docker/healthcheck /usr/local/bin/healthcheck
RUN install -d -o $APP_UID /data /data/media /data/sandbox
ENV Urls=http://+:8080
WORKDIR /app
USER $APP_UID

FROM runtime AS migrator
COPY --from=build /out/migrator ./
ENTRYPOINT ["dotnet", "Threadkeep.Postgres.dll", "migrate"]

FROM runtime AS silo
COPY --from=build /out/silo ./
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=6 CMD ["healthcheck", "/health/ready"]
ENTRYPOINT ["dotnet", "Threadkeep.Silo.dll"]

FROM runtime AS api
COPY --from=build /out/api ./
COPY --from=console /src/Web/dist ./console
ENV Console__Directory=/app/console
HEALTHCHECK --interval=5s --timeout=5s --start-period=60s --retries=6 CMD ["healthcheck", "/health/ready"]
ENTRYPOINT ["dotnet", "Threadkeep.Api.dll"]

FROM runtime AS sandbox
COPY --from=build /out/sandbox ./
HEALTHCHECK --interval=5s --timeout=5s --start-period=30s --retries=6 CMD ["healthcheck", "/"]
ENTRYPOINT ["dotnet", "Threadkeep.Sandbox.dll"]
