import { createServer, type Server } from "node:http";
import { AbstractHttpAdapter } from "@nestjs/core";
import express, { type Request, type Response } from "express";

/** As much of Nest's own adapter for Express as an application without views, versions and assets asks for. */
export class NestExpress extends AbstractHttpAdapter<Server, Request, Response> {
  constructor() {
    super(express());
  }

  initHttpServer(): void {
    this.setHttpServer(createServer(this.getInstance()));
  }

  override listen(...args: unknown[]): Server {
    return this.httpServer.listen(...(args as []));
  }

  close(): Promise<void> {
    return new Promise((closed) => this.httpServer.close(() => closed()));
  }

  reply(response: Response, body: object, status?: number): void {
    if (status !== undefined) response.status(status);
    response.json(body);
  }

  getRequestHostname = (request: Request) => request.hostname;
  getRequestMethod = (request: Request) => request.method;
  getRequestUrl = (request: Request) => request.originalUrl;
  status = (response: Response, code: number) => response.status(code);
  end = (response: Response, message?: string) => response.end(message);
  redirect = (response: Response, code: number, url: string) => response.redirect(code, url);
  isHeadersSent = (response: Response) => response.headersSent;
  getHeader = (response: Response, name: string) => response.get(name);
  setHeader = (response: Response, name: string, value: string) => response.set(name, value);
  appendHeader = (response: Response, name: string, value: string) => response.append(name, value);
  setErrorHandler = (handler: () => void) => this.use(handler);
  setNotFoundHandler = (handler: () => void) => this.use(handler);
  registerParserMiddleware = () => this.use(express.json());
  getType = () => "express";

  createMiddlewareFactory = () => this.missing();
  useStaticAssets = () => this.missing();
  setViewEngine = () => this.missing();
  render = () => this.missing();
  enableCors = () => this.missing();
  applyVersionFilter = () => this.missing();

  private missing(): never {
    throw new Error("this adapter serves routes alone");
  }
}
