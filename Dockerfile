# One image for web, worker, beat and the one-off `prepare`: docker-compose.yml says which.
FROM python:3.11-slim-bookworm

ENV PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 PIP_NO_CACHE_DIR=1 OPENBLAS_NUM_THREADS=1

RUN useradd --system --create-home --uid 10001 monps
# pg_dump and pg_restore of the database's own version, for backups; Debian's are older.
RUN apt-get update \
    && apt-get install --yes --no-install-recommends ca-certificates postgresql-common \
    && /usr/share/postgresql-common/pgdg/apt.postgresql.org.sh -y \
    && apt-get install --yes --no-install-recommends postgresql-client-16 \
    && rm -rf /var/lib/apt/lists/* \
    && install --directory --owner monps --mode 700 /backups \
    && install --directory --owner monps /rules
WORKDIR /app

# Wheels only, so that there is no compiler; before the code, so that a change of it is quick.
COPY requirements.txt .
RUN pip install --disable-pip-version-check --only-binary :all: -r requirements.txt

COPY . .
USER monps
EXPOSE 8001

HEALTHCHECK --interval=15s --timeout=5s --start-period=60s --retries=4 \
    CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8001/health', timeout=4)"]

CMD ["python", "-m", "granian", "--interface", "wsgi", "--host", "0.0.0.0", "--port", "8001", "--workers", "1", "--blocking-threads", "4", "--workers-kill-timeout", "10", "--log-level", "warning", "monps.wsgi:application"]
