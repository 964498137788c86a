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
COPY pyproject.toml uv.lock README.md LICENSE ./
COPY src src
RUN uv sync --frozen --no-dev --compile-bytecode && .venv/bin/python -c "from anxiu.project.catalogues import compile_all; compile_all()"

FROM python:3.12-slim-bookworm
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin anxiu && install -d -o anxiu -m 700 /data /backups
# The program belongs to root and is only read. It lies where it was built: its packages name the folder.
COPY --from=packages /opt/anxiu /opt/anxiu
COPY --from=frontend /opt/anxiu/frontend/dist /opt/anxiu/frontend/dist
ENV PATH=/opt/anxiu/.venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 LANG=C.UTF-8 ANXIU_DATA_DIR=/data ANXIU_LOG=json
USER anxiu
VOLUME ["/data", "/backups"]
EXPOSE 8000
ENTRYPOINT ["anxiu"]
CMD ["web", "--host", "0.0.0.0", "--processes", "2"]
