# Retaguarda: one image; compose.yml runs it twice, as the dashboard and as the schedule.
ARG PYTHON_VERSION=3.11

FROM python:${PYTHON_VERSION}-slim-bookworm AS packages
ENV PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
WORKDIR /opt/retaguarda
COPY requirements-runtime.lock ./
# Every package is one that was locked: by its hash, and never built here.
RUN python -m venv .venv \
    && .venv/bin/pip install --require-hashes --only-binary=:all: --requirement requirements-runtime.lock

FROM python:${PYTHON_VERSION}-slim-bookworm
# Pango sets the PDF of the weekly pack; the time zone of the company is in tzdata.
# hadolint ignore=DL3008
RUN apt-get update \
    && apt-get install --yes --no-install-recommends libpango-1.0-0 libpangoft2-1.0-0 libharfbuzz-subset0 tzdata \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /opt/retaguarda
COPY --from=packages /opt/retaguarda/.venv .venv
COPY . .
# The code belongs to root and is only read; all that is written lies in /data, and what is fleeting in /tmp.
RUN useradd --uid 10001 --user-group --home-dir /tmp --no-create-home --shell /usr/sbin/nologin retaguarda \
    && mkdir /data \
    && chown retaguarda:retaguarda /data \
    && install -m 0755 containers/retaguarda.sh /usr/local/bin/retaguarda \
    && .venv/bin/python -m compileall -q -x '[.]venv' .
ENV RETAGUARDA_DATA=/data \
    HOME=/tmp \
    DBT_SEND_ANONYMOUS_USAGE_STATS=false \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
USER 10001:10001
VOLUME /data
EXPOSE 8501
STOPSIGNAL SIGTERM
ENTRYPOINT ["retaguarda"]
CMD ["serve", "--host", "0.0.0.0", "--port", "8501", "--no-browser"]
