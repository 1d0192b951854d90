wrk.method = "POST"
wrk.headers["Content-Type"] = "application/json"
wrk.body = '{"model":"aide-gpt-4-turbo","name":"bench","instructions":"You are an assistant that answers questions.","metadata":{"backend_id":"default"}}'
