# One image for every process of Anxiu: `anxiu web`, `anxiu worker`, `anxiu prepare`, `anxiu backup`. See docs/operate/deploy.md.
FROM node:22-bookworm-slim AS frontend
WORKDIR /opt/anxiu/frontend
COPY frontend/package.json frontend/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY frontend ./
RUN npm run build

FROM python:3.12-slim-bookworm AS packages
RUN pip install --no-cache-dir uv==0.13.9
WORKDIR /opt/anxiu
# The packages before the program: a new release that changes none of them keeps this step.
COPY pyproject.toml uv.lock README.md LICENSE ./
RUN uv sync --frozen --no-dev --extra s3 --no-install-project --compile-bytecode
COPY src src
# Nobody may write here later, so what Python and Django read is compiled now: without it each start compiles the program anew.
RUN uv sync --frozen --no-dev --extra s3 && .venv/bin/python -c "from anxiu.project.catalogues import compile_all; compile_all()" \
  && .venv/bin/python -m compileall -q src

FROM python:3.12-slim-bookworm
RUN groupadd --gid 10001 anxiu && useradd --uid 10001 --gid anxiu --no-create-home --home-dir /nonexistent --shell /usr/sbin/nologin anxiu \
  && install -d -o anxiu -g anxiu -m 700 /data /backups
# The program belongs to root and is only read. It lies where it was built: its packages name the folder.
COPY --from=packages /opt/anxiu /opt/anxiu
COPY --from=frontend /opt/anxiu/frontend/dist /opt/anxiu/frontend/dist
ENV PATH=/opt/anxiu/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LANG=C.UTF-8 ANXIU_DATA_DIR=/data ANXIU_LOG=json
USER anxiu
VOLUME ["/data", "/backups"]
EXPOSE 8000
ENTRYPOINT ["anxiu"]
CMD ["web", "--host", "0.0.0.0", "--processes", "2"]
