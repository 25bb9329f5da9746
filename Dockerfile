# One image for every process: `docker run … python -m server up --all-in-one`, or see compose.yaml.
FROM python:3.12-slim AS build
WORKDIR /build
RUN python -m venv /venv
COPY requirements.txt .
RUN /venv/bin/pip install --no-cache-dir --disable-pip-version-check --require-hashes -r requirements.txt

FROM python:3.12-slim
RUN useradd --system --uid 10001 --home-dir /app --shell /usr/sbin/nologin clausewatch \
    && install -d -o clausewatch -g clausewatch /data
COPY --from=build /venv /venv
WORKDIR /app
COPY pyproject.toml README.md LICENSE ./
COPY server server
COPY bot bot
COPY extension extension
RUN python -m compileall -q server bot
ENV PATH=/venv/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 CLAUSEWATCH_DATA=/data PORT=8000
USER clausewatch
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=20s \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ[\"PORT\"]}/readyz', timeout=4)"]
CMD ["python", "-m", "server", "up", "--all-in-one"]
