using Threadkeep.Sandbox.Live;
using Threadkeep.Sandbox.Storage;

namespace Threadkeep.Sandbox.Messages;

/// <summary>Every request to send, for whoever counts them.</summary>
public sealed class SentLog(Journal journal, LiveEvents live)
{
    private readonly Table<SentRequest> requests = new("sent", r => r.Id, journal);

    public SentRequest[] All() => requests.All();

    public void Put(SentRequest request)
    {
        requests.Put(request);
        live.Tell(new LiveEvent("sent"));
    }

    public void Change(string id, Func<SentRequest, SentRequest> change)
    {
        requests.Change(id, change);
        live.Tell(new LiveEvent("sent"));
    }

    public void Clear()
    {
        foreach (var request in requests.All())
            requests.Remove(request.Id);
        live.Tell(new LiveEvent("sent"));
    }
}
