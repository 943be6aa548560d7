# The site in a small image: docker build --build-arg DAYBOOK_SITE_URL=https://papers.example/ -t daybook .
# Then: docker run --rm -p 8080:8080 daybook. docs/hosting.md says more.
FROM python:3.13-slim AS build
WORKDIR /daybook
COPY requirements.lock ./
RUN python -m pip install --no-cache-dir --disable-pip-version-check --require-hashes --only-binary :all: -r requirements.lock
COPY . ./
ARG DAYBOOK_SITE_URL=http://localhost:8080/
ENV DAYBOOK_SITE_URL=$DAYBOOK_SITE_URL
RUN python -m generator build

FROM nginx:1.28-alpine
COPY deploy/nginx.conf /etc/nginx/nginx.conf
COPY --from=build /daybook/site /srv/daybook
USER nginx
EXPOSE 8080
CMD ["nginx", "-e", "stderr"]
