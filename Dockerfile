# The bot alone, without sandbox, tests and bench. The image also holds PyAV's build of FFmpeg,
# which contains x264 and x265: see docs/decisions/0005-pyav-licence.md before passing it on.

FROM python:3.11-slim-bookworm AS packages
COPY requirements.lock /build/
RUN python -m venv /opt/venv \
    && /opt/venv/bin/python -m pip install --no-cache-dir --disable-pip-version-check \
        --require-hashes --only-binary :all: -r /build/requirements.lock \
    && /opt/venv/bin/python -m pip uninstall --yes --quiet pip setuptools

FROM python:3.11-slim-bookworm
LABEL org.opencontainers.image.title="Muybridge" \
      org.opencontainers.image.licenses="MIT AND GPL-3.0-or-later"
ENV PATH=/opt/venv/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1
RUN groupadd --gid 10001 muybridge \
    && useradd --uid 10001 --gid 10001 --no-create-home --home-dir /app --shell /usr/sbin/nologin muybridge \
    && install --directory --owner=10001 --group=10001 --mode=0700 /app/data
WORKDIR /app
COPY --from=packages /opt/venv /opt/venv
# .dockerignore lets nothing through but what belongs here.
COPY . .
USER 10001:10001
VOLUME /app/data
EXPOSE 8080
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s --retries=3 \
    CMD ["python", "-c", "import os, urllib.request as u; u.urlopen(f'http://127.0.0.1:{os.environ.get(\"HTTP_PORT\") or 8080}/healthz', timeout=4)"]
ENTRYPOINT ["python", "bot.py"]
