# The API of one shop, mounted at /shop: only what serving needs, neither torch nor anthropic nor the embedded server.
FROM python:3.12-slim AS build
RUN pip install --no-cache-dir uv==0.13.8 && python -m venv --without-pip /opt/kerec
WORKDIR /source
ENV UV_PYTHON=/opt/kerec/bin/python UV_CONSTRAINT=constraints.txt UV_BUILD_CONSTRAINT=constraints.txt UV_COMPILE_BYTECODE=1 UV_NO_CACHE=1
COPY pyproject.toml constraints.txt ./
RUN uv pip install --requirements pyproject.toml
COPY README.md ./
COPY cypher cypher
COPY graph graph
COPY services services
COPY training training
RUN uv pip install --no-deps .

FROM python:3.12-slim
COPY --from=build /opt/kerec /opt/kerec
ENV PATH=/opt/kerec/bin:$PATH PYTHONUNBUFFERED=1
RUN useradd --uid 1000 --no-create-home kerec
USER 1000:1000
WORKDIR /shop
EXPOSE 8000
CMD ["kerec", "serve", "--host", "0.0.0.0", "--port", "8000"]
