import AsyncHTTPClient
import NIOCore
enum AssistantsClientStub {}
